"""Masks over what tells who someone is.

No national standard says how many characters stay, and practice differs. What stays here gives away neither a birthday
nor a county, and still lets its owner recognise the own entry.
"""

import re
from collections.abc import Callable, Iterable

from lianxin.kit.text.folding import fold

_STAR = "*"
_COMPOUND_SURNAMES = frozenset(
    re.findall(
        "..",
        "欧阳司马上官诸葛东方皇甫尉迟公孙轩辕令狐慕容司徒司空夏侯长孙宇文独孤南宫端木百里申屠闻人呼延钟离澹台淳于单于"
        "太史公羊赫连濮阳拓跋东郭西门第五完颜纳兰叶赫",
    )
)
# Typed with a Chinese keyboard.
_PLAIN = str.maketrans("０１２３４５６７８９Ｘｘ＠．＋", "0123456789Xx@.+")
_GAP = r"[\s\-‐-―－.·]?"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:[.][A-Za-z0-9-]+)+")
_ID = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}{_GAP}(?:1[89]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}\d{{3}}[\dXx](?!\d)"
)
_CARD = re.compile(rf"(?<!\d)\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?(?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:(?:[+]|00)?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[\s\-‐-―－]?\d{7,8}(?!\d)")
_LOCAL = re.compile(r"(?:(?<=[电電][话話])|(?<=座[机機])|(?<=[号號][码碼]))([是为為\s::：]{0,3})(\d{7,8})(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{11,}[Xx]?")


def mask_name(name: str, *, public: bool = False) -> str:
    """Return a name as officers see it in lists (张*, 张*三), or as the public sees it (张某某, however long it is).

    A compound surname is kept whole; of a name in other letters only the initial is left.
    """
    name = name.strip()
    if not name:
        return ""
    if not _is_han(name[0]):
        return name[0] + _STAR * 3
    surname = name[:2] if len(name) > 2 and fold(name[:2]) in _COMPOUND_SURNAMES else name[0]
    if public:
        return surname + "某某"
    given = len(name) - len(surname)
    if given < 2:
        return surname + _STAR * max(given, 1)
    return surname + _STAR * (given - 1) + name[-1]


def mask_phone(phone: str) -> str:
    """Return a telephone number with its middle hidden: 138****5678; of short ones the last two digits are left."""
    phone = phone.translate(_PLAIN)
    digits = sum(character.isdigit() for character in phone)
    if _MOBILE.fullmatch(phone):
        return _starred(phone, digits - 8, 4)
    return _starred(phone, 4 if digits >= 10 else 0, 2)


def mask_id(number: str) -> str:
    """Return an identity number with its first and last four characters (6109**********1236), never the birth date.

    Other documents, which have no fixed length, keep the first character and the last two.
    """
    if sum(character.isalnum() for character in number) == 18:
        return _starred(number, 4, 4)
    return _starred(number, 1, 2)


def mask_card(number: str) -> str:
    """Return a bank card number of which only the last four digits are left."""
    return _starred(number, 0, 4)


def mask_email(address: str) -> str:
    """Return an e-mail address with the first character of its name, and its domain: z***@example.com."""
    name, at, domain = address.translate(_PLAIN).partition("@")
    return name[:1] + _STAR * 3 + at + domain


def mask_text(text: str, *, names: Iterable[str] = ()) -> str:
    """Return a free text with e-mail addresses, telephone, identity and card numbers, and the given names masked.

    Names become 张某某, full-width digits plain ones. Eleven or more digits in a row are always hidden, whatever they
    are. It is a net and no promise: a number spelt in words gets through, so a person looks before anything is public.
    """
    for name in sorted({name.strip() for name in names}, key=len, reverse=True):
        if len(name) > 1:
            text = text.replace(name, mask_name(name, public=True))
    text = text.translate(_PLAIN)
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


def _starred(text: str, head: int, tail: int) -> str:
    """Return the text with its letters and digits hidden but for some at each end; separators stay."""
    places = [place for place, character in enumerate(text) if character.isalnum()]
    hidden = set(places[head : max(len(places) - tail, head)] if len(places) > head + tail else places)
    return "".join(_STAR if place in hidden else character for place, character in enumerate(text))


_MASKS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_EMAIL, lambda found: mask_email(found[0])),
    (_ID, lambda found: _starred(found[0], 4, 4)),
    (_CARD, lambda found: mask_card(found[0])),
    (_MOBILE, lambda found: mask_phone(found[0])),
    (_LANDLINE, lambda found: mask_phone(found[0])),
    (_LOCAL, lambda found: found[1] + _starred(found[2], 0, 2)),
    (_LONG_NUMBER, lambda found: mask_card(found[0])),
)
