import pytest

from languages.sentences import excerpt_of, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("One sentence", ("One sentence",)),
        ("Come in. It is free! Really? Yes…", ("Come in.", "It is free!", "Really?", "Yes…")),
        (
            "Rada m.in. przyjęła plan. Art. 5 mówi o tym.",
            ("Rada m.in. przyjęła plan.", "Art. 5 mówi o tym."),
        ),
        (
            "Am 3. Mai 2024 beschloss der Rat. Es gilt.",
            ("Am 3. Mai 2024 beschloss der Rat.", "Es gilt."),
        ),
        ("Se t.ex. Malmö. Där finns det.", ("Se t.ex. Malmö.", "Där finns det.")),
        ("Місто м. Київ, вул. Хрещатик. Заходьте.", ("Місто м. Київ, вул. Хрещатик.", "Заходьте.")),
        (
            "„Chodźcie.” Tak mówią. «Так.» Кажуть.",
            ("„Chodźcie.”", "Tak mówią.", "«Так.»", "Кажуть."),
        ),
        ("¿Qué hay? ¡Mucho! Venid.", ("¿Qué hay?", "¡Mucho!", "Venid.")),
        (
            "Open at 9.30. See example.org. W. E. B. Du Bois",
            ("Open at 9.30.", "See example.org.", "W. E. B. Du Bois"),
        ),
        ("# Heading\n\n- one. Two\n2) three\n> four", ("Heading", "one.", "Two", "three", "four")),
        ("It ends. no capital follows.", ("It ends. no capital follows.",)),
        ("...", ("...",)),
        ("\n\x00 . ", ("\x00 .",)),
    ],
)
def test_text_is_parted_into_sentences(text, parts):
    assert sentences(text) == parts


def test_a_very_long_text_takes_no_time():
    assert len(sentences("Word " * 20_000 + ". " * 20_000)) >= 1


def test_excerpt_ends_with_a_sentence_or_with_a_word():
    text = "A first sentence. Another one, which is longer. The last."
    assert excerpt_of(text, 100) == text
    assert excerpt_of(text, 50) == "A first sentence. Another one, which is longer."
    assert excerpt_of(text, 40) == "A first sentence."
    # Too little: words of the next sentence.
    assert excerpt_of(text, 40, least=20) == "A first sentence. Another one, which is…"
    assert excerpt_of(text, 31, least=20) == "A first sentence. Another one…"
