"""The rows of this app: the catalogue of services, and lists that count from day to day."""

from lianxin.serve.models.dated import DatedList, DatedRow
from lianxin.serve.models.intake import CatalogueIntake
from lianxin.serve.models.service import Material, Review, Service

__all__ = ["CatalogueIntake", "DatedList", "DatedRow", "Material", "Review", "Service"]
