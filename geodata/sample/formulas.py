"""Invented shops: what each branch is called in OpenStreetMap and in a surveyed list, and the names on the fronts."""

from dataclasses import dataclass

from numpy.random import Generator

from geodata.sample.names import words


@dataclass(frozen=True)
class Kind:
    """One kind of shop: branch id, OSM tag, the survey's own name for it, and how common it is within its branch."""

    branch: str
    key: str
    value: str
    surveyed: str
    weight: float = 1.0


def _kinds(text: str) -> tuple[Kind, ...]:
    found = []
    for line in text.strip().splitlines():
        branch, rest = line.strip().split(": ", 1)
        for item in rest.split("; "):
            tag, surveyed, weight = item.split(" | ")
            key, value = tag.split("=")
            found.append(Kind(branch, key, value, surveyed, float(weight)))
    return tuple(found)


KINDS = _kinds("""
supermarket: shop=supermarket | Supermarkt | 1
convenience: shop=convenience | Buurtwinkel | 4; shop=newsagent | Krantenwinkel | 2; shop=tobacco | Tabak | 1
bakery: shop=bakery | Brood & banket | 5; shop=pastry | Patisserie | 1; shop=chocolate | Chocolatier | 1.5; shop=confectionery | Snoep | 0.5
speciality_food: shop=butcher | Slagerij | 3; shop=greengrocer | Groenten & fruit | 1.5; shop=seafood | Vishandel | 1; shop=cheese | Kaaswinkel | 1; shop=wine | Wijnhandel | 1; shop=deli | Delicatessen | 1; shop=tea | Koffie/thee | 0.5; shop=health_food | Natuurvoeding | 0.5
pharmacy: amenity=pharmacy | Apotheek | 4; shop=hearing_aids | Hoorapparaten | 1; shop=medical_supply | Thuiszorg | 0.5
drugstore: shop=chemist | Drogisterij | 1; shop=cosmetics | Cosmetica | 1; shop=perfumery | Parfumerie | 1
beauty: shop=beauty | Schoonheidssalon | 4; shop=massage | Massage | 0.5; shop=tattoo | Tatoeage | 0.6
hairdresser: shop=hairdresser | Kapsalon | 5; shop=barber | Barbier | 0.6
clothes: shop=clothes | Damesmode | 7; shop=boutique | Mode | 1.5; shop=baby_goods | Babyartikelen | 0.5; shop=fabric | Stoffen | 0.4; shop=wool | Wol | 0.2
shoes: shop=shoes | Schoenen | 4; shop=bag | Lederwaren | 1; shop=shoe_repair | Schoenmaker | 0.7
jewellery: shop=jewelry | Juwelier | 2; shop=optician | Opticien | 2; shop=watches | Uurwerken | 0.4
department_store: shop=department_store | Warenhuis | 0.4; shop=variety_store | Bazaar | 1
media: shop=books | Boekhandel | 2; shop=toys | Speelgoed | 1; shop=stationery | Papierwaren | 1; shop=games | Games | 0.5; shop=music | Muziek | 0.5
sports: shop=sports | Sportzaak | 2; shop=outdoor | Outdoor | 1; shop=fishing | Hengelsport | 0.5
home: shop=furniture | Meubelen | 2; shop=interior_decoration | Woondecoratie | 2; shop=kitchen | Keukens | 1; shop=houseware | Huishoudartikelen | 1; shop=lighting | Verlichting | 0.6; shop=bed | Slaapkamer | 0.7; shop=curtain | Gordijnen | 0.6; shop=antiques | Antiek | 0.8
diy: shop=doityourself | Doe-het-zelf | 1; shop=hardware | IJzerwaren | 1; shop=garden_centre | Tuincentrum | 0.8; shop=paint | Verf & behang | 0.8
electronics: shop=electronics | Elektro | 1.5; shop=mobile_phone | Telefonie | 2; shop=computer | Computers | 1
gifts: shop=florist | Bloemist | 3; shop=gift | Geschenken | 2; shop=pet | Dierenwinkel | 0.8; shop=art | Galerie | 1; shop=photo | Fotograaf | 0.5
second_hand: shop=second_hand | Tweedehands | 2; shop=charity | Kringloopwinkel | 1
restaurant: amenity=restaurant | Restaurant | 6; amenity=restaurant | Brasserie | 2; amenity=restaurant | Pizzeria | 1
cafe: amenity=cafe | Koffiebar | 2; amenity=cafe | Tearoom | 2; amenity=ice_cream | IJssalon | 1
fast_food: amenity=fast_food | Frituur | 3; amenity=fast_food | Broodjeszaak | 2; amenity=fast_food | Kebab | 1
bar: amenity=pub | Café | 4; amenity=bar | Bar | 2; amenity=nightclub | Nachtclub | 0.2
finance: amenity=bank | Bankkantoor | 2; office=estate_agent | Immokantoor | 2; office=insurance | Verzekeringen | 2; office=travel_agent | Reisbureau | 0.5; shop=travel_agency | Reisagentschap | 0.7
services: shop=laundry | Wassalon | 1; shop=dry_cleaning | Droogkuis | 1; shop=tailor | Retouche | 1; shop=copyshop | Copyshop | 0.6; shop=funeral_directors | Uitvaart | 0.8; amenity=post_office | Postpunt | 0.5
vehicles: shop=bicycle | Fietsenmaker | 2; shop=car | Autohandel | 1; shop=car_repair | Garage | 1.5; shop=car_parts | Auto-onderdelen | 0.4; shop=motorcycle | Motoren | 0.3
""")  # noqa: E501

_DAILY = "bakery 7 speciality_food 6 convenience 4 pharmacy 5 supermarket 2 "
_PERSONAL = "hairdresser 9 beauty 5 services 4 finance 7 "
MIXES: dict[str, str] = {
    "main": "clothes 26 shoes 7 jewellery 7 drugstore 5 department_store 1.6 media 3 sports 2 home 3 electronics 4 "
    "gifts 4 cafe 5 restaurant 3 fast_food 3 bakery 3 speciality_food 2 pharmacy 1.5 finance 2 hairdresser 1",
    "square": "restaurant 16 bar 15 cafe 9 finance 3 clothes 3 gifts 2 bakery 1.5 pharmacy 1 speciality_food 2 media 1",
    "side": _DAILY + _PERSONAL + "clothes 7 home 5 restaurant 9 bar 5 fast_food 4 cafe 3 gifts 5 media 2 second_hand 2 "
    "jewellery 2 shoes 1.5 electronics 2 drugstore 1 sports 1 vehicles 1 diy 1",
    "station": "fast_food 8 convenience 6 bar 7 cafe 3 restaurant 5 hairdresser 5 services 4 electronics 3 "
    "second_hand 2 finance 3 beauty 2 vehicles 1.5 bakery 2",
    "local": _DAILY + _PERSONAL + "bar 8 restaurant 4 fast_food 5 gifts 2.5 vehicles 3 home 2 diy 1.5 clothes 1.5 "
    "second_hand 0.7 electronics 0.7 media 0.7",
    "ribbon": "vehicles 14 home 9 diy 7 supermarket 4 restaurant 5 fast_food 4 bakery 4 gifts 3 electronics 3 "
    "clothes 4 finance 4 hairdresser 3 beauty 2 sports 1 bar 3 second_hand 1 pharmacy 1 services 2",
    "park": "home 8 diy 5 clothes 4 shoes 2 sports 3 electronics 3 supermarket 3 gifts 2 department_store 2 "
    "drugstore 1 media 1 vehicles 1",
    "seaside": "restaurant 20 cafe 14 bar 9 fast_food 8 clothes 9 gifts 7 sports 3 bakery 4 finance 8 convenience 3 "
    "vehicles 2 drugstore 2 jewellery 2 shoes 2 media 2 home 2",
}
"""Which branches stand in which kind of street, by weight."""

CHAINS: dict[str, tuple[str, ...]] = {
    "supermarket": ("Maris Markt", "Prijsbaken", "Kooplust", "Buurtmaat"),
    "convenience": ("Buurtmaat", "Presto Kiosk"),
    "bakery": ("Krokant", "Pains d'Antan"),
    "pharmacy": ("Apotheek Zorgpunt",),
    "drugstore": ("Puurhuis", "Belle Mer"),
    "beauty": ("Belle Mer Salon",),
    "hairdresser": ("Knipkunst",),
    "speciality_food": ("De Kaasboot",),
    "clothes": ("Stof & Snit", "Novaline", "Maison Corail", "Northfield", "Kleine Kapoen", "Zwartwit", "Harbour Lane"),
    "shoes": ("Stapvast", "Pas de Deux"),
    "jewellery": ("Klaarzicht", "Glans Juweliers"),
    "department_store": ("Alles & Co", "Bazar Bleu"),
    "media": ("Bladwijzer", "Speelwolk"),
    "sports": ("Sportwijk", "Outdoor Coast"),
    "home": ("Woonbaken", "Sfeerhuis", "Slaapwel"),
    "diy": ("Klusgilde", "Tuinrijk"),
    "electronics": ("Voltano", "Belpunt", "Mobilo"),
    "gifts": ("Pluim & Poot", "Fleur de Sel"),
    "second_hand": ("De Tweede Ronde",),
    "restaurant": ("Brasserie Vloed",),
    "cafe": ("Koffiebranderij Noord", "Gelato Sole"),
    "fast_food": ("Burger Quay", "Smos", "Wokhaven"),
    "finance": ("Kustbank", "Zekerheid & Zoon", "Immo Horizon", "Bakenbank"),
    "services": ("Wasserette Blink",),
    "vehicles": ("Velodroom", "Autoplein"),
}
CHAIN_SHARE = {
    "supermarket": 0.9,
    "department_store": 0.9,
    "clothes": 0.42,
    "shoes": 0.4,
    "drugstore": 0.55,
    "electronics": 0.5,
    "sports": 0.5,
    "finance": 0.45,
    "home": 0.25,
    "diy": 0.5,
    "jewellery": 0.25,
    "media": 0.3,
}
FLOOR_M2 = {
    "supermarket": 900,
    "department_store": 1500,
    "diy": 500,
    "home": 220,
    "sports": 180,
    "clothes": 130,
    "electronics": 110,
    "vehicles": 240,
    "second_hand": 160,
    "restaurant": 90,
    "bar": 75,
    "drugstore": 140,
}
"""Typical sales floor area (m²) where it is not the 65 m² of a small shop; invented."""


def _names(text: str) -> list[str]:
    return text.split("|")


_FAMILIES = words(
    "Lootens Verzele Zeegers Duinslager Polderman Kerckaert Haerinck Waelkens Coolbrandt Sturm Blommaert Schippers "
    "Wittebrood Strandaert Meersman Vandorpe Hollevoet Dewulf Verbrugghe Zandvoorde Maertens-Vlieg Ooghe Daenekynt"
)
_THINGS = _names(
    "De Wissel|'t Anker|De Gouden Haring|Het Vlot|De Witte Zwaan|'t Sas|In den Engel|De Kogge|Au Phare|La Marée|"
    "The Pilot|De Drie Koningen|'t Hoekje|De Vuurboet|Bij Leonie|Chez Margaux|Het Klokhuis|De Mosselbank|Ebbe & Vloed|"
    "The Lantern|'t Oud Stadhuis|Den Os|Le Petit Port|De Zoute Zoen|Pomme d'Or|Het Derde Getij"
)
_FANCY = _names(
    "Atelier|Lou|Juno|Maison Rose|Zilt|Nomade|Linea|Blauw|Saffraan|Moon & Co|Bateau Ivre|Kaat|Odette|Vera|Rue 9|"
    "Studio Kust|Merel|Goed Gezien|Fijn|Liv|Ambacht|Wild Thyme|Côté Dune|Bonheur|Pimpernel|Katoen|Klaver Vier"
)
_ON_THE_FRONT = {
    "Brood & banket": "Bakkerij",
    "Groenten & fruit": "Fruithuis",
    "Koffie/thee": "Theehuis",
    "Verf & behang": "Verfhandel",
    "Damesmode": "Mode",
    "Verzekeringen": "Zakenkantoor",
}
_BY_FAMILY = {"bakery", "speciality_food", "pharmacy", "vehicles", "diy", "services", "finance", "electronics"}
_BY_THING = {"restaurant", "cafe", "fast_food", "bar"}


def kinds_of(branch: str) -> tuple[list[Kind], list[float]]:
    """The kinds of one branch and their shares."""
    kinds = [k for k in KINDS if k.branch == branch]
    total = sum(k.weight for k in kinds)
    return kinds, [k.weight / total for k in kinds]


def front_name(kind: Kind, rng: Generator) -> tuple[str, str]:
    """A name for a shop front and its brand (empty where it is no formula)."""
    chains = CHAINS.get(kind.branch, ())
    if chains and rng.random() < CHAIN_SHARE.get(kind.branch, 0.12):
        brand = chains[int(rng.integers(len(chains)))]
        return brand, brand
    family, thing = str(rng.choice(_FAMILIES)), str(rng.choice(_THINGS))
    shown = _ON_THE_FRONT.get(kind.surveyed, kind.surveyed)
    if kind.branch in _BY_FAMILY:
        return f"{shown} {family}", ""
    if kind.branch in _BY_THING:
        return (thing if rng.random() < 0.6 else f"{shown} {thing}"), ""
    fancy = str(rng.choice(_FANCY))
    return (
        f"{shown} {fancy}" if rng.random() < 0.35 else f"{fancy}" if rng.random() < 0.6 else f"{fancy} {family}"
    ), ""
