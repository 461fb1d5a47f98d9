"""Identity numbers, credit codes and telephones: known examples, and what the standards promise."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.kit import identity
from lianxin.kit.identity import Document, Problem, Sex

BORN = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31))


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    area = draw(st.integers(100_000, 999_999))
    body = f"{area}{draw(BORN):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + identity.id_check_character(body)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    body = draw(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
    return body + identity.credit_check_character(body)


class TestIdNumber:
    def test_the_example_of_the_standard(self) -> None:
        found = identity.check_id("11010519491231002X")
        assert found.is_valid
        assert found.document is Document.RESIDENT_CARD
        assert found.area_code == "110105"
        assert found.birth_date == date(1949, 12, 31)
        assert found.sex is Sex.FEMALE

    @pytest.mark.parametrize(
        "written", ["11010519491231002x", " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ"]
    )
    def test_as_typed_by_people(self, written: str) -> None:
        assert identity.check_id(written).number == "11010519491231002X"
        assert identity.check_id(written).is_valid

    @pytest.mark.parametrize(
        ("body", "document"),
        [
            ("81000019900101123", Document.RESIDENCE_PERMIT),
            ("82000019900101123", Document.RESIDENCE_PERMIT),
            ("83000019900101123", Document.RESIDENCE_PERMIT),
            ("91115619900101123", Document.PERMANENT_RESIDENCE),
            ("61092119900101123", Document.RESIDENT_CARD),  # the area code is younger than its bearer
            ("11022120050101123", Document.RESIDENT_CARD),  # the area code was abolished before the birth
            ("65901220200101123", Document.RESIDENT_CARD),  # an area code of 2025
        ],
    )
    def test_area_code_names_the_document_and_never_refuses(self, body: str, document: Document) -> None:
        found = identity.check_id(body + identity.id_check_character(body))
        assert found.is_valid
        assert found.document is document

    @pytest.mark.parametrize(
        ("number", "problems"),
        [
            ("", [Problem.LENGTH]),
            ("110105491231002", [Problem.LENGTH]),
            ("11010519491231002XX", [Problem.LENGTH]),
            ("1101051949123100XX", [Problem.CHARACTERS]),
            ("11010519491231002A", [Problem.CHARACTERS]),
            ("一" * 18, [Problem.CHARACTERS]),
            ("٣" * 18, [Problem.CHARACTERS]),
            ("110105194912310021", [Problem.CHECK_CHARACTER]),
            ("110105194902300021", [Problem.BIRTH_DATE, Problem.CHECK_CHARACTER]),
            ("11010500001231002X", [Problem.BIRTH_DATE, Problem.CHECK_CHARACTER]),
        ],
    )
    def test_says_what_is_wrong(self, number: str, problems: list[Problem]) -> None:
        assert list(identity.check_id(number).problems) == problems

    def test_birth_after_today_is_wrong_only_where_today_is_known(self) -> None:
        body = "61092120300101123"
        number = body + identity.id_check_character(body)
        assert identity.check_id(number).is_valid
        assert identity.check_id(number, today=date(2030, 1, 1)).is_valid
        assert identity.check_id(number, today=date(2029, 12, 31)).problems == (Problem.BIRTH_DATE,)

    @given(id_numbers())
    def test_well_made_numbers_are_valid(self, number: str) -> None:
        assert identity.check_id(number).is_valid

    @given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789"))
    def test_every_single_wrong_digit_is_noticed(self, number: str, place: int, digit: str) -> None:
        wrong = number[:place] + digit + number[place + 1 :]
        assert identity.check_id(wrong).is_valid == (wrong == number)

    @given(st.text())
    def test_any_text_is_taken(self, written: str) -> None:
        found = identity.check_id(written)
        assert found.is_valid or found.problems


class TestCreditCode:
    def test_the_example_of_the_standard(self) -> None:
        assert identity.credit_check_character("91350100M000100Y4") == "3"
        assert identity.check_credit_code("91350100m000100y43").is_valid

    @pytest.mark.parametrize(
        ("code", "problem"),
        [
            ("", Problem.LENGTH),
            ("91350100M000100Y4", Problem.LENGTH),
            ("91350100M000100Y44", Problem.CHECK_CHARACTER),
            ("91350100M000100YI3", Problem.CHARACTERS),
            ("91350100M000100YO3", Problem.CHARACTERS),
            ("91350100M000100YS3", Problem.CHARACTERS),
        ],
    )
    def test_says_what_is_wrong(self, code: str, problem: Problem) -> None:
        assert identity.check_credit_code(code).problems == (problem,)

    @given(credit_codes(), st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
    def test_every_single_wrong_character_is_noticed(self, code: str, place: int, character: str) -> None:
        wrong = code[:place] + character + code[place + 1 :]
        assert identity.check_credit_code(wrong).is_valid == (wrong == code)


class TestPhone:
    @pytest.mark.parametrize(
        ("written", "tidied"),
        [
            ("13812345678", "13812345678"),
            ("17412345678", "17412345678"),
            (" 138-1234 5678 ", "13812345678"),
            ("１３８１２３４５６７８", "13812345678"),
            ("+86 13812345678", "13812345678"),
            ("008613812345678", "13812345678"),
            ("8613812345678", "13812345678"),
            ("+86 138-1234-5678", "13812345678"),
            ("+86 0914 1234567", "0914-1234567"),
            ("86139", "86139"),
            ("0914-1234567", "0914-1234567"),
            ("09141234567", "0914-1234567"),
            ("(0914) 1234567", "0914-1234567"),
            ("（010）12345678", "010-12345678"),
            ("01012345678", "010-12345678"),
            ("02912345678", "029-12345678"),
            ("059112345678", "0591-12345678"),
            ("0914-1234567-801", "0914-1234567-801"),
            ("0914-1234567转801", "0914-1234567-801"),
            ("010—12345678", "010-12345678"),
            ("12345", "12345"),
            ("12333", "12333"),
            ("110", "110"),
            ("400-810-1234", "4008101234"),
            ("4008-101-234", "4008101234"),
            ("400 8101 234", "4008101234"),
            ("8001234567", "8001234567"),
        ],
    )
    def test_one_form(self, written: str, tidied: str) -> None:
        assert identity.tidy_phone(written) == tidied

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "-",
            "电话",
            "12",
            "12812345678",
            "1381234567",
            "138123456789",
            "0914-123456",
            "012345",
            "1234567",
            "8212345",
            "\0",
        ],
    )
    def test_what_is_no_number(self, written: str) -> None:
        assert identity.tidy_phone(written) is None

    @given(st.text(st.sampled_from("0123456789-+() 转８"), max_size=20))
    def test_tidying_twice_changes_nothing(self, written: str) -> None:
        tidied = identity.tidy_phone(written)
        assert tidied is None or identity.tidy_phone(tidied) == tidied

    @pytest.mark.parametrize(
        ("written", "mobile"), [("138 1234 5678", True), ("0914-1234567", False), ("12345", False), ("", False)]
    )
    def test_mobile_or_not(self, written: str, mobile: bool) -> None:
        assert identity.is_mobile(written) is mobile
