"""The forms in which names of places stand in sentences: "Kraków" → "krakowie", "krakowa", …

The forms are written when a name goes into the index, so a query is compared with them by
equality alone. The rules are the declensions of school grammar, with the sound changes inside a
paradigm and the adjective that is made of a place's name. They give too many forms rather than too
few: a form that nobody writes costs a row and finds nothing.
"""

from collections.abc import Callable, Iterable
from itertools import product

from languages.folding import fold

SHORTEST = 4

# Polish: the end of a name, longest first, and what may stand in its place.
_POLISH = {
    "ódź": "odzi odzią",
    "ław": "ławia ławiu ławiem ławiowi",
    "iec": "ca cu cem cowi ców com cami cach",
    "ów": "owa owie owem owi",
    "ek": "ka ku kiem kowi",
    "eń": "enia eniu eniem nia niu niem",
    "ga": "gi dze gę gą",
    "ka": "ki ce kę ką",
    "ra": "ry rze rę rą",
    "ta": "ty cie tę tą",
    "da": "dy dzie dę dą",
    "ła": "ły le łę łą",
    "ia": "ii ię ią i",
    "ja": "ji ję ją i",
    "la": "li lę lą",
    "st": "stu stem ście",
    "ch": "chu cha chem",
    "a": "y ie ę ą i ej",
    "ń": "nia niu niem",
    "ć": "cia ciu ciem",
    "ź": "zia ziu ziem",
    "r": "ra rze rem rowi ru",
    "t": "ta cie tem towi tu",
    "d": "da dzie dem dowi du",
    "ł": "ła le łem łowi łu",
    "k": "ka ku kiem kowi",
    "g": "ga gu giem gowi",
    "o": "a u em ie",
    "y": "ego emu ym ych ymi ach ami om",
    "i": "iego iemu im ich imi ach ami om",
    "e": "ego emu em ym a u ach ami om",
}
_POLISH_CONSONANT = "a u em owi ie ia iu iem"
_POLISH_ADJECTIVE = "ski ska skie skiego skiej skim skich skimi ską skiemu sko"

# Ukrainian likewise, with ї folded to і as everywhere in the index.
_UKRAINIAN = {
    "ень": "ня ню нем неві ні",
    "га": "ги зі гу гою",
    "ка": "ки ці ку кою",
    "ха": "хи сі ху хою",
    "ія": "ії ію ією",
    "я": "і ю ею єю",
    "а": "и і у ою",
    "ь": "я ю ем еві і",
    "й": "я ю єм єві і ого ому им ім",
    "о": "а у ом і",
    "е": "я ю ем і",
    "и": "ам ами ах ів",
    "і": "ам ами ах ів їв ями ях ям",
}
_UKRAINIAN_CONSONANT = "а у ові ом і ем еві ю я"
_UKRAINIAN_ADJECTIVE = "ий а е ого ої ому ій им ою у і их ими"
# Париж, паризький; Грац, грацький; Одеса, одеський.
_UKRAINIAN_ADJECTIVE_SOUNDS = {"гжз": "зьк", "кцч": "цьк", "с": "ськ"}
# A first word that ends so is declined together with the second.
_LIKE_ADJECTIVES = ("a", "y", "e", "а", "я", "е", "є", "ий", "ій")
_VOWELS = "aeiouyąęóаеєиіїоуюя"


def forms_of_name(name: str, language: str) -> set[str]:
    """The folded forms of a name that is spelled with small letters and has spaces between its
    words; itself among them."""
    words = name.split()
    plain = " ".join(map(fold, words))
    forms_of_word = _FORMS.get(language)
    if not forms_of_word or not words:
        return {plain}
    first_forms = forms_of_word(words[0])
    ends = {plain.partition(" ")[2]}
    if len(words) == 2 and words[0].endswith(_LIKE_ADJECTIVES):
        # Nowa Huta, w Nowej Hucie.
        ends = forms_of_word(words[1])
    pairs = product(first_forms, ends)
    return {plain} | {f"{start} {end}".strip() for start, end in pairs}


def _polish(word: str) -> set[str]:
    if len(word) < SHORTEST:
        return _folded([word])
    forms = {word, *_exchanged(word, _POLISH, _POLISH_CONSONANT)}
    base = word.rstrip("aeioy")
    if base.endswith("sk"):
        base = base.removesuffix("sk")
    elif base.endswith(("g", "z", "ż")):
        base = base[:-1]
    forms.update(base + ending for ending in _POLISH_ADJECTIVE.split())
    # Names in the plural: Ateny, do Aten.
    if word.endswith(("y", "i")):
        forms.add(word[:-1])
    return _folded(forms)


def _ukrainian(word: str) -> set[str]:
    if len(word) < SHORTEST:
        return _folded([word])
    forms = {word, *_exchanged(word, _UKRAINIAN, _UKRAINIAN_CONSONANT)}
    # Львів, Львова; Київ, Києва: the vowel of a last closed syllable.
    if word[-2] in "ії" and word[-1] not in _VOWELS:
        vowel = "о" if word[-2] == "і" else "є"
        changed = word[:-2] + vowel + word[-1]
        forms.update(changed + ending for ending in _UKRAINIAN_CONSONANT.split())
    base = word.rstrip("аеєиіїоуюяьй")
    for letters, middle in _UKRAINIAN_ADJECTIVE_SOUNDS.items():
        if base.endswith(tuple(letters)):
            start = base[:-1] + middle
            break
    else:
        start = base + "ськ"
    forms.update(start + ending for ending in _UKRAINIAN_ADJECTIVE.split())
    if word.endswith(("и", "і")):
        forms.add(word[:-1])
    return _folded(forms)


def _german(word: str) -> set[str]:
    forms = {word, f"{word}s", f"{word}er"}
    if word.endswith("en"):
        forms.add(word.removesuffix("en") + "ner")
        forms.add(word.removesuffix("en") + "er")
    if word.endswith("e"):
        forms.add(f"{word}r")
    return _folded(forms)


def _swedish(word: str) -> set[str]:
    return _folded({word, f"{word}s"})


_FORMS: dict[str, Callable[[str], set[str]]] = {
    "pl": _polish,
    "uk": _ukrainian,
    "de": _german,
    "sv": _swedish,
}


def _exchanged(word: str, endings: dict[str, str], consonant: str) -> Iterable[str]:
    """The word with other endings: those of the longest end that the rules name."""
    for end, others in endings.items():
        if word.endswith(end):
            start = word.removesuffix(end)
            return [start + other for other in others.split()]
    if word[-1] in _VOWELS:
        return []
    return [word + other for other in consonant.split()]


def _folded(forms: Iterable[str]) -> set[str]:
    return set(map(fold, forms))
