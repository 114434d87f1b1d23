"""An explanation says what drives a number, what its band is made of, and what would flip it."""

from latticework.explain.explained import Explanation, explained
from latticework.explain.headlines import Headline, headlines
from latticework.explain.ids import identified, number_id
from latticework.explain.sizes import Drawn, Sized, bounded, sized
from latticework.explain.variants import Variant, variants

__all__ = [
    "Drawn",
    "Explanation",
    "Headline",
    "Sized",
    "Variant",
    "bounded",
    "explained",
    "headlines",
    "identified",
    "number_id",
    "sized",
    "variants",
]
