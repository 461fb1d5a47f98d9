"""Chinese text as it comes in: made clean, made comparable, made searchable, and masked before it goes out."""

from lianxin.kit.text.doubts import doubts
from lianxin.kit.text.folding import fold
from lianxin.kit.text.masks import mask_card, mask_email, mask_id, mask_name, mask_phone, mask_text
from lianxin.kit.text.tokens import bigrams, grams, query_grams, similarity
from lianxin.kit.text.writing import TEXT_MAX, clean, cut

__all__ = [
    "TEXT_MAX",
    "bigrams",
    "clean",
    "cut",
    "doubts",
    "fold",
    "grams",
    "mask_card",
    "mask_email",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_text",
    "query_grams",
    "similarity",
]
