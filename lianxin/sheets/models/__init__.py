"""The rows of this app."""

from lianxin.sheets.models.answer import Answer, names_of, open_values, seal_values
from lianxin.sheets.models.sheet import Sheet, SheetQuerySet

__all__ = ["Answer", "Sheet", "SheetQuerySet", "names_of", "open_values", "seal_values"]
