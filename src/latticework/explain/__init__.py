"""An explanation says what drives a number, what its band is made of, and what would flip it."""

from latticework.explain.explained import Explanation, Paired, explained
from latticework.explain.headlines import Headline, headlines
from latticework.explain.ids import identified, number_id
from latticework.explain.sizes import Drawn, Sized, sized
from latticework.explain.variants import Variant, held, variants

__all__ = [
    "Drawn",
    "Explanation",
    "Headline",
    "Paired",
    "Sized",
    "Variant",
    "explained",
    "headlines",
    "held",
    "identified",
    "number_id",
    "sized",
    "variants",
]
