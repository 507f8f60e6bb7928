"""The report: a comparison or a move on paper, to defend it before a bank, a landlord or a board."""

from location_model.report.move import move_pages
from location_model.report.pages import comparison_pages, site_page

__all__ = ["comparison_pages", "move_pages", "site_page"]
