"""Reference numbers survive being read aloud, written down and typed again."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import reference

numbers = st.randoms(use_true_random=False).map(lambda chance: reference.new_reference("YX", random=chance))
positions = st.integers(min_value=0, max_value=reference.LENGTH)


def body_of(number: str) -> str:
    return number.removeprefix("YX").replace("-", "")


@given(numbers)
def test_new_number_has_its_shape_and_is_recognised(number: str) -> None:
    assert re.fullmatch(r"YX-.{3}-.{3}-.{3}", number)
    assert body_of(number)[2].isdigit() and body_of(number)[5].isdigit()
    assert set(body_of(number)) <= set(reference.ALPHABET)
    assert reference.is_reference(number)
    assert reference.tidy(number) == number


@given(numbers, positions, st.sampled_from(reference.ALPHABET))
def test_every_single_wrong_character_is_caught(number: str, place: int, character: str) -> None:
    body = body_of(number)
    wrong = body[:place] + character + body[place + 1 :]
    assert reference.is_reference("YX" + wrong) == (wrong == body)


@given(numbers, st.integers(min_value=0, max_value=reference.LENGTH - 1))
def test_every_swap_of_neighbours_is_caught(number: str, place: int) -> None:
    body = body_of(number)
    wrong = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert reference.is_reference("YX" + wrong) == (wrong == body)


def test_check_character_is_complete_for_one_number() -> None:
    body = body_of(reference.new_reference("YX", random=random.Random(7)))
    wrong = [
        body[:place] + other + body[place + 1 :]
        for place in range(len(body))
        for other in reference.ALPHABET
        if other != body[place]
    ]
    assert len(wrong) == 9 * 22
    assert not [number for number in wrong if reference.is_reference(number)]


@given(numbers)
def test_as_typed_by_people(number: str) -> None:
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else "—" for c in number)
    for typed in (number.lower(), number.replace("-", ""), number.replace("-", " "), full_width, f" 编号:{number}。"):
        assert reference.tidy(typed) == number
        assert reference.is_reference(typed)


@given(numbers)
def test_letters_mistaken_for_digits_are_read_as_digits(number: str) -> None:
    mistaken = "YX" + body_of(number).translate(str.maketrans("5286", "SZBG"))
    assert reference.tidy(mistaken) == number


def test_mistaken_letters_are_not_in_the_alphabet_and_their_digits_are() -> None:
    assert not set("SZBGILOQDUV01") & set(reference.ALPHABET)
    assert set("5286") <= set(reference.ALPHABET)


def test_prefix_keeps_its_own_letters() -> None:
    number = reference.new_reference("SZ", random=random.Random(1))
    assert number.startswith("SZ-")
    assert reference.tidy(number) == number


def test_number_without_its_prefix_is_still_a_number() -> None:
    number = reference.new_reference(random=random.Random(2))
    assert reference.is_reference(number)
    assert number.count("-") == 2


@pytest.mark.parametrize("text", ["", "-", "YX", "YX-7K3-M4Q", "低保", "12-7K3-M4Q-2X9", "🙂" * 9, "0" * 9, "\0"])
def test_other_text_is_no_reference(text: str) -> None:
    assert not reference.is_reference(text)


@given(st.text())
def test_any_text_is_taken_and_tidying_twice_changes_nothing(text: str) -> None:
    tidied = reference.tidy(text)
    assert reference.tidy(tidied) == tidied
    assert reference.is_reference(text) in (True, False)


def test_same_seed_gives_the_same_number() -> None:
    assert reference.new_reference(random=random.Random(3)) == reference.new_reference(random=random.Random(3))


def test_numbers_hardly_ever_meet() -> None:
    chance = random.Random(4)
    assert len({reference.new_reference(random=chance) for _ in range(20_000)}) == 20_000


@pytest.mark.parametrize("prefix", ["yx", "Y1", "连", "Y-"])
def test_prefix_of_other_characters_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        reference.new_reference(prefix)


@pytest.mark.parametrize("length", [6, 7, 8])
def test_code_is_digits_only(length: int) -> None:
    assert re.fullmatch(rf"[0-9]{{{length}}}", reference.new_code(length))


@pytest.mark.parametrize("length", [0, 5, 9])
def test_code_of_other_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="6 to 8"):
        reference.new_code(length)


def test_code_as_keyed_in_by_people() -> None:
    assert reference.tidy_code(" 123-４５６ ") == "123456"
    assert reference.tidy_code("٣١abc") == ""
