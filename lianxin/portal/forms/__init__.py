"""Shape and words of what residents enter."""

from lianxin.portal.forms.choices import addressees, area_groups, find_area
from lianxin.portal.forms.letter import LetterForm
from lianxin.portal.forms.look import FiguresForm, SearchForm
from lianxin.portal.forms.phone import PhoneCodeForm, PhoneForm
from lianxin.portal.forms.receipt import AddForm, ConfirmForm, ReceiptForm
from lianxin.portal.forms.speak import SpeakForm

__all__ = [
    "AddForm", "ConfirmForm", "FiguresForm", "LetterForm", "PhoneCodeForm", "PhoneForm", "ReceiptForm", "SearchForm",
    "SpeakForm", "addressees", "area_groups", "find_area",
]  # fmt: skip
