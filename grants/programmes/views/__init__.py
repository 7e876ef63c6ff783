"""Pages of a programme for the administrators of its managing bodies: what its reports ask, and what it measures."""

from grants.programmes.views.asking import AskedView, SectionView, SetView
from grants.programmes.views.measuring import IndicatorsView, IndicatorView

__all__ = ["AskedView", "IndicatorView", "IndicatorsView", "SectionView", "SetView"]
