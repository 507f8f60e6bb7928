"""Invented Dutch street names, each once in a municipality."""

from functools import cache

from numpy.random import Generator


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


_OLD = words(
    "Kerk School Klooster Wever Mandenmaker Kuiper Zout Boter Koren Haring Mosterd Kaars Touw Zeilmaker Scheerder "
    "Vlas Brouwer Bakker Ketel Linnen Leerlooier Smidse Gasthuis Abdij Kapel Wijngaard Klok Lantaarn Pelgrim "
    "Monnik Toren Wal Muur Poort Ganzen Hoedemaker Zwaan Anker Visser Garen Sleutel Arend Rozenkrans Hof Gilde "
    "Beenhouwer Schoenmaker Kanon Wissel Stoof Put Drapenier Kruis Loods Ankersmid Schuiten Blekers"
)
_GREEN = words(
    "Linden Beuken Eiken Kastanje Elzen Wilgen Populieren Meidoorn Sleedoorn Hazelaar Vlier Rozen Lavendel Seringen "
    "Hortensia Klaproos Korenbloem Margriet Jasmijn Kamille Varen Brem Heide Duindoorn Helmgras Lijsterbes Acacia "
    "Meeuwen Leeuwerik Merel Zwaluw Kievit Scholekster Wulp Reiger Fazanten Patrijzen Nachtegaal Roodborst Spreeuwen "
    "Tureluur Plevier Grutto Stern Aalscholver Lepelaar Kluut Putter Distelvink Winterkoning Koekoek Ooievaar"
)
_RURAL = words(
    "Polder Molen Veld Hooi Weide Schapen Kreek Sluis Watergang Dries Kouter Vaart Zand Klei Meers Hoeve Steenbakker "
    "Turf Wilde Lange_Akker Bossen Zeven_Hoeken Galgen Groene Oude_Dijk Nieuwe_Dijk Slikken Schorre Kwelder Hazen "
    "Eenden Noord Zuid Vrijbos Paarden Koeien Wissen Vijfhoek Dulle Karre Zwin Geul Blote Hoge Lage Monniken Rietveld"
)
_FIRST = words(
    "Jan Pieter Karel Jozef Frans Alfons Camiel Leonie Maria Godelieve Hendrik Lodewijk Emiel Gustaaf Irène Marcella "
    "Albrecht Octaaf Judocus Elisabeth Amelie Victor Livina Rosalie Cyriel Theofiel"
)
_LAST = words(
    "Verbrugghe Vandenzande Schippers Lootens Dewulf Zeegers Vanhaverbeke Duinslager Kerckaert Polderman Vandorpe "
    "Strandaert Haerinck Meersman Waelkens Verzele Coolbrandt Hollevoet Vantesterep Blommaert Sturm Wittebrood"
)
_SAINTS = words(
    "Jozef Anna Barbara Niklaas Pieter Jacob Katelijne Rochus Elooi Blasius Godelieve Amand Cecilia Joris Lieven Clara"
)
_COAST = words(
    "Zee Strand Golf Duin Schelp Branding Zilvermeeuw Vuurtoren Zonne Garnaal Zeester Bries Getijden Kust Strandjutter "
    "Ebbe Horizon Anemoon Albatros Kabeljauw Reders Loodsen IJslandvaarders Sloep Matrozen Boei Zandloper Zeehonden"
)

_ENDINGS = {
    "core": ("straat", "straat", "straat", "straat", "steeg", "hof", "plein"),
    "town": ("straat", "laan", "laan", "straat", "dreef", "weg"),
    "estate": ("laan", "dreef", "hof", "pad", "weg"),
    "coast": ("laan", "straat", "pad", "dreef", "plein"),
    "rural": ("straat", "weg", "weg", "dreef", "wegel"),
}


@cache
def _stems(kind: str) -> list[str]:
    saints = [f"Sint-{s}" for s in _SAINTS]
    people = [f"{first} {last}" for first in _FIRST for last in _LAST]
    return {
        "core": [*_OLD, *saints],
        "town": [*people, *_GREEN],
        "estate": _GREEN,
        "coast": [*_COAST, *_GREEN],
        "rural": _RURAL,
    }[kind]


class StreetNames:
    """Draws names that fit a place ("core", "town", "estate", "coast" or "rural"), never twice in a municipality."""

    def __init__(self, rng: Generator, taken: dict[str, set[str]]) -> None:
        self.rng = rng
        self.taken = taken

    def draw(self, municipality: str, kind: str) -> str:
        """A new name; when the fitting names run out, those of people go on."""
        taken = self.taken.setdefault(municipality, set())
        for attempt in range(400):
            stems, endings = (_stems(kind), _ENDINGS[kind]) if attempt < 60 else (_stems("town"), _ENDINGS["town"])
            stem = stems[int(self.rng.integers(len(stems)))]
            ending = "straat" if " " in stem else endings[int(self.rng.integers(len(endings)))]
            name = f"{stem}{ending}" if not stem.startswith("Sint-") else f"{stem}{_joint(stem)}{ending}"
            name = name.replace("_", " ").replace("putput", "put")
            if name not in taken:
                taken.add(name)
                return name
        return ""


def _joint(stem: str) -> str:
    return "s" if stem[-1] in "fb" else ""
