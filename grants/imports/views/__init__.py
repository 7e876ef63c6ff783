"""Pages of imports: the list, a new one, and one import with its faults or with what it makes."""

from grants.imports.views.listing import ImportsView
from grants.imports.views.one import ImportView
from grants.imports.views.steps import STEPS, ImportStepView
from grants.imports.views.uploading import NewImportView, blank

__all__ = ["STEPS", "ImportStepView", "ImportView", "ImportsView", "NewImportView", "blank"]
