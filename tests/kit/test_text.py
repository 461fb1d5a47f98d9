"""Text is cleaned, folded, split into tokens and masked; the seeds, where they are, lose all their pinyin."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lianxin.kit import text

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
PINYIN = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ]")

# What folding has to get right, thrown together in any order.
WORDS = "開 发 發(fā) (fā) （fā） ( ) （ ） ā ǎ é caf n g r zh 们(men) 們 (men) A Ｂ ﬁ ß İ ㎡ ① ㍿ 著 乾 𠮷 🙂 ｶﾞ ĳ 低保"
MARKS = "\u0345\u0301\u200b\ufeff\u202e\ufe0f\t\n\x00\x85\u3000\xad"
PIECES = st.sampled_from([*WORDS.split(), *MARKS])
messy = st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join))
plain = st.text(st.characters(exclude_categories=["Cs"]))


class TestFold:
    @pytest.mark.parametrize(
        ("written", "folded"),
        [
            ("開(kāi)展", "开展"),
            ("發（fā）展", "发展"),
            ("發( fā )展", "发展"),
            ("轉(zhuǎn)變", "转变"),
            ("綠(lǜ)色", "绿色"),
            ("開展(kāi zhǎn)活動", "开展活动"),
            ("開展(kāizhǎn)", "开展"),
            ("我們(men)好嗎(ma)", "我们好吗"),
            ("打?qū)嵉", "打?嵉"),
            ("咖啡(café)", "咖啡(café)"),
            ("小組(see page 3)", "小组(see page 3)"),
            ("请(me)看", "请(me)看"),
            ("低\u200b保\ufeff", "低保"),
            ("  低 \u3000\t\n 保 ", "低 保"),
            ("ＡＢＣ１２３", "abc123"),
            ("㎡ ①", "m2 1"),
            ("STRASSE Straße", "strasse strasse"),
            ("𠮷野家🙂", "𠮷野家🙂"),
            ("", ""),
            ("\x00\x07", ""),
        ],
    )
    def test_known_writings(self, written: str, folded: str) -> None:
        assert text.fold(written) == folded

    @given(messy)
    @example("((ā)ā)ā)")
    @example("caf(ā)é)")
    def test_twice_is_once(self, written: str) -> None:
        folded = text.fold(written)
        assert text.fold(folded) == folded

    @given(messy)
    def test_white_space_is_single_and_inside(self, written: str) -> None:
        folded = text.fold(written)
        assert folded == " ".join(folded.split())

    def test_traditional_and_simplified_become_one(self) -> None:
        assert text.fold("醫療保險參保") == text.fold("医疗保险参保")

    def test_hostile_text_is_folded_to_the_end(self) -> None:
        """Brackets that never close must not make the pattern try every way; were it quadratic, this would not end."""
        for hostile in ("(" + "āaa" * 30_000, "(ā" * 30_000, "(" + " " * 90_000, "ā)" * 30_000, ")" + "a'ā" * 30_000):
            folded = text.fold(hostile)
            assert text.fold(folded) == folded

    def test_seeds_have_no_pinyin_left(self) -> None:
        seeds = sorted(SEEDS.glob("*.txt"))
        if not seeds:
            pytest.skip("no folder shared/seeds beside the checkout: the five seed texts are not here to be folded")
        found = 0
        for seed in seeds:
            written = seed.read_text(encoding="utf-8")
            found += len(PINYIN.findall(written))
            folded = text.fold(written)
            assert not PINYIN.findall(folded), seed.name
            assert not re.search(r"[\u4e00-\u9fff]\([a-z]{1,6}\)", folded), seed.name
        assert found > 500


class TestClean:
    @pytest.mark.parametrize(
        ("written", "cleaned"),
        [
            ("水\x00管\x07坏\x1b了\x7f", "水管坏了"),
            ("一\r\n二\r三\u2028四\x85五\t六", "一\n二\n三\n四\n五\t六"),
            ("甲\u202e乙\u2066丙", "甲乙丙"),
            ("e\u0301", "é"),
            ("\ufeff低保", "低保"),
            ("a\ud800b", "ab"),
            ("𠮷 㐀 𬺈 〇 👨‍👩‍👧 ❤️", "𠮷 㐀 𬺈 〇 👨‍👩‍👧 ❤️"),
            (" 前后 ", " 前后 "),
            ("<b>' OR 1=1 --", "<b>' OR 1=1 --"),
        ],
    )
    def test_known_writings(self, written: str, cleaned: str) -> None:
        assert text.clean(written) == cleaned

    @given(st.text(st.characters()))
    def test_result_can_be_stored_and_stays(self, written: str) -> None:
        cleaned = text.clean(written)
        cleaned.encode()
        assert "\0" not in cleaned
        assert text.clean(cleaned) == cleaned


class TestCut:
    @pytest.mark.parametrize(
        ("whole", "length", "part"),
        [
            ("低保申请", 4, "低保申请"),
            ("低保申请", 3, "低保…"),
            ("低保 申请", 4, "低保…"),
            ("低保", 0, ""),
            ("低保", 1, "…"),
            ("ae\u0301b", 3, "a…"),
            ("好👨‍👩‍👧吧", 5, "好…"),
            ("🇨🇳🇨🇳", 4, "🇨🇳🇨🇳"),
            ("🇨🇳🇨🇳", 3, "🇨🇳…"),
            ("👍🏽好了", 2, "…"),
            ("❤️了", 2, "…"),
        ],
    )
    def test_known_cuts(self, whole: str, length: int, part: str) -> None:
        assert text.cut(whole, length) == part

    @given(plain, st.integers(0, 30))
    def test_never_longer_than_asked(self, whole: str, length: int) -> None:
        part = text.cut(whole, length)
        assert len(part) <= length
        assert part == whole or (length == 0 and part == "") or whole.startswith(part[:-1].rstrip())


class TestTokens:
    def test_chinese_is_found_by_each_character_and_pair(self) -> None:
        assert text.bigrams("低保金") == ["低", "低保", "保", "保金", "金"]

    def test_words_and_numbers_stay_whole(self) -> None:
        assert text.bigrams("12345热线ABC") == ["12345", "热", "热线", "线", "abc"]

    def test_each_token_once(self) -> None:
        assert text.grams("水水 水水") == "水 水水"

    def test_marks_end_a_run(self) -> None:
        assert "保金" not in text.bigrams("低保,金塔村_第四组")
        assert "村第" not in text.bigrams("金塔村_第四组")

    def test_rare_characters_are_tokens(self) -> None:
        assert text.query_grams("𠮷县") == ["𠮷县"]

    @pytest.mark.parametrize(
        ("query", "tokens"),
        [
            ("低保", ["低保"]),
            ("水", ["水"]),
            ("最低生活", ["最低", "低生", "生活"]),
            ("醫保", ["医保"]),
            ("WiFi 覆盖", ["wifi", "覆盖"]),
            (" ,。!'\" ", []),
            ("", []),
        ],
    )
    def test_queries(self, query: str, tokens: list[str]) -> None:
        assert text.query_grams(query) == tokens

    @given(messy)
    def test_every_text_is_found_by_itself_and_by_any_part(self, written: str) -> None:
        folded = text.fold(written)
        tokens = set(text.bigrams(written))
        assert set(text.query_grams(written)) <= tokens
        for match in re.finditer(r"[\u4e00-\u9fff]{2,}", folded):
            assert set(text.query_grams(match[0][1:])) <= tokens

    @given(messy)
    def test_tokens_are_short_and_without_space_or_quote(self, written: str) -> None:
        for token in text.bigrams(written):
            assert 0 < len(token) <= 40
            assert not re.search(r"[\s'\"\\&|!():*]", token)

    def test_endless_word_is_cut_alike_in_text_and_query(self) -> None:
        endless = "a" * 5_000
        assert text.query_grams(endless) == text.bigrams(endless) == ["a" * 40]


class TestSimilarity:
    def test_equal_and_foreign(self) -> None:
        water = text.grams("金塔村四组自来水停了三天")
        assert text.similarity(water, water) == 1.0
        assert text.similarity(water, text.grams("低保申请被退回")) == 0.0
        assert text.similarity("", water) == 0.0

    def test_closer_is_more(self) -> None:
        water = text.bigrams("金塔村四组自来水停了三天")
        near = text.similarity(water, text.bigrams("金塔村自来水停水三天没人管"))
        far = text.similarity(water, text.bigrams("金塔村道路破损"))
        assert 0 < far < near < 1

    @given(plain, plain)
    def test_symmetric_and_bounded(self, a: str, b: str) -> None:
        left, right = text.bigrams(a), text.grams(b)
        assert text.similarity(left, right) == text.similarity(right, left)
        assert 0.0 <= text.similarity(left, right) <= 1.0


class TestMasks:
    @pytest.mark.parametrize(
        ("name", "inside", "outside"),
        [
            ("张三", "张*", "张某某"),
            ("张小三", "张*三", "张某某"),
            ("欧阳修", "欧阳*", "欧阳某某"),
            ("歐陽小修", "歐陽*修", "歐陽某某"),
            ("东方", "东*", "东某某"),
            ("买买提·吐尔逊", "买*****逊", "买某某"),
            ("John Smith", "J***", "J***"),
            ("张", "张*", "张某某"),
            (" ", "", ""),
        ],
    )
    def test_names(self, name: str, inside: str, outside: str) -> None:
        assert text.mask_name(name) == inside
        assert text.mask_name(name, public=True) == outside

    @pytest.mark.parametrize(
        ("phone", "masked"),
        [
            ("13812345678", "138****5678"),
            ("138 1234 5678", "138 **** 5678"),
            ("+8613812345678", "+86138****5678"),
            ("0914-12345678", "0914-******78"),
            ("8212345", "*****45"),
            ("12", "**"),
            ("", ""),
        ],
    )
    def test_phones(self, phone: str, masked: str) -> None:
        assert text.mask_phone(phone) == masked

    def test_identity_number_hides_the_birth_date(self) -> None:
        assert text.mask_id("610921199001011236") == "6109**********1236"
        assert text.mask_id("11010519491231002X") == "1101**********002X"
        assert text.mask_id("E12345678") == "E******78"

    def test_others(self) -> None:
        assert text.mask_email("zhang@example.com") == "z***@example.com"
        assert text.mask_card("6222021234567890123") == "***************0123"

    @pytest.mark.parametrize(
        ("written", "masked"),
        [
            ("电话13812345678,身份证110105199001011234。", "电话138****5678,身份证1101**********1234。"),
            ("身份证11010519491231002x", "身份证1101**********002x"),
            ("打138-1234-5678或+86 13912345678", "打138-****-5678或+86 139****5678"),
            ("１３８１２３４５６７８", "138****5678"),
            ("０９１４－１２３４５６７", "0914－*****67"),
            ("我的邮箱是a.b@x.com谢谢", "我的邮箱是a***@x.com谢谢"),
            ("卡6222 0212 3456 7890 123", "卡**** **** **** ***0 123"),
            ("0914-1234567转801", "0914-*****67转801"),
            ("座机号码是82123456", "座机号码是******56"),
            ("单号2026112213310012", "单号************0012"),
            ("2024-01-05 13812345678", "2024-01-05 138****5678"),
        ],
    )
    def test_free_text(self, written: str, masked: str) -> None:
        assert text.mask_text(written) == masked

    @pytest.mark.parametrize(
        "written",
        [
            "2014-09-17 13:31 共12345人、3,051户",
            "12345热线",
            "YX-7K3-M4Q-2X9",
            "2026年11月22日",
            "1000000000元",
            "",
            "A市A3区",
        ],
    )
    def test_what_is_no_personal_data_stays(self, written: str) -> None:
        assert text.mask_text(written) == written

    def test_given_names_are_masked_longest_first(self) -> None:
        masked = text.mask_text("张三丰说:张三不在,李不在", names=["张三", "张三丰", "李", " "])
        assert masked == "张某某说:张某某不在,李不在"

    @given(plain, st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), plain)
    def test_no_mobile_number_comes_through(self, before: str, phone: str, after: str) -> None:
        assert phone not in text.mask_text(f"{before}:{phone}:{after}")

    @given(
        st.from_regex(
            r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]", fullmatch=True
        )
    )
    def test_no_birth_date_comes_through(self, number: str) -> None:
        assert text.mask_text(f"身份证{number}。") == f"身份证{number[:4]}{'*' * 10}{number[14:]}。"

    @given(messy)
    def test_masking_twice_changes_nothing(self, written: str) -> None:
        masked = text.mask_text(written)
        assert text.mask_text(masked) == masked
