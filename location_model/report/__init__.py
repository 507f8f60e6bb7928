"""The report: a comparison on paper, one page a site, to defend it before a bank, a landlord or a board."""

from location_model.report.pages import comparison_pages, site_page

__all__ = ["comparison_pages", "site_page"]
