import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from languages import folding
from languages.folding import fold, spelled_words, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("Zażółć gęślą jaźń", "zazolc gesla jazn"),
        ("Malmö, Växjö, Århus", "malmo, vaxjo, arhus"),
        ("Straße, GROẞ", "strasse, gross"),
        ("Ærø, Œuvre, Þórður, Đakovo", "aero, oeuvre, thordur, dakovo"),
        ("Kadıköy İzmir Şişli", "kadikoy izmir sisli"),
        ("ñandú Maó Città", "nandu mao citta"),
        ("Αθήνα, Λευκωσία, ΟΔΟΣ", "αθηνα, λευκωσια, οδοσ"),
        ("ﬁnal ½ №5 ２０２４", "final 1⁄2 no5 2024"),
    ],
)
def test_fold_leaves_plain_lower_case_letters(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Київ", "Киів"),
        ("Київ", "Киiв"),
        ("Київ", "Киïв"),
        ("ґанок", "ганок"),
        ("ёлка", "елка"),
        ("п'ять", "п’ять"),
        ("пʼять", "пять"),
        ("Кам`янець", "Камянець"),
        ("Оде́са", "Одеса"),
    ],
)
def test_fold_unites_cyrillic_spellings(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


def test_fold_keeps_short_i_a_letter_of_its_own() -> None:
    assert (
        fold("Мій край, composed й and decomposed и\u0306")
        == "мій край, composed й and decomposed й"
    )
    assert fold("мій") != fold("мии")


def test_fold_parts_latin_words_at_apostrophes() -> None:
    assert words("l'égalité d’Anvers L'Aquila") == ["l", "egalite", "d", "anvers", "l", "aquila"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("citoyen·ne·s", "citoyennes"),
        ("Col·legi", "collegi"),
        ("Bürger*innen", "burgerinnen"),
        ("Bürger:in", "burgerin"),
        ("Bürger_innen", "burgerinnen"),
        ("Anti\u00addiskriminierung", "antidiskriminierung"),
    ],
)
def test_words_joins_words_parted_for_other_reasons(text: str, word: str) -> None:
    assert words(text) == [word]


def test_words_keeps_the_order_of_letters_and_digits() -> None:
    assert words("Łódź-2024! (10 points; a_b)") == ["lodz", "2024", "10", "points", "a", "b"]


def test_spelled_words_keep_their_diacritics() -> None:
    assert spelled_words("Łódź, STÄDTE; o\u0301") == ["łódź", "städte", "ó"]


@pytest.mark.parametrize(
    "text", ["a\0b", "a\ud800b", "a\tb", "a\x7fb", "a\u2028b", "a\ue000b", "ä\0b", "a\udfff\nb"]
)
def test_words_part_at_characters_nobody_sees(text: str) -> None:
    assert words(text) == ["a", "b"]


ANYTHING = st.text(st.characters(codec=None) | st.sampled_from("iıІіїґ'’ʼ·*:_\0\ud800и\u0306łß"))


@given(ANYTHING)
@example("ŉ´ʼn l·l к·i к'i'к")
@example("a*:ín")
def test_fold_twice_changes_nothing_more(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert once.encode("utf-8").decode().isprintable()


@given(ANYTHING)
def test_words_are_letters_and_digits_only(text: str) -> None:
    assert all(word.isalnum() for word in words(text))
    assert all(fold(word) == word for word in words(text))


@given(
    st.text(st.sampled_from("aeiиіяї пнßéłŁÄИ'’`*:·_-–…\0İıĳ№2") | st.characters(codec="latin-1"))
)
@example("t_ın*in")
@example("я*ín’я")
def test_text_folded_by_characters_is_the_text_folded_as_a_whole(text: str) -> None:
    assert fold(text) == folding._fold_together(text)
    assert spelled_words(text) == folding._WORD.findall(folding._spell_together(text))
