"""Stop words: words that almost every text has, so that a search for them says nothing.

Articles, prepositions, conjunctions, pronouns and forms of "to be" in the languages of the portal,
folded. A word that means something in another of the languages is not in the list: Swedish "men"
(but).
"""

from collections.abc import Iterable

from languages.folding import fold

_BY_LANGUAGE = {
    "en": "a an and are at be by for from has have how i in is it its my of on or our that the"
    " their there these they"
    " this those to was we were what when where which who why will with you your can do does get am"
    " been me us somebody someone",
    "pl": "a aby albo ale bez bo byc co czy dla do gdzie i ich ile jak jakie jest jestem juz"
    " kiedy kto lub ma mi mnie"
    " na nad nie o od oraz po pod przed przez przy sa sie ta te tej tego ten to tym u w we z za ze",
    "sv": "att av den det dem de du en ett for fran gor har hos hur i inte jag kan med mot nar"
    " och om pa som sin till"
    " ur var vad vem vi vid ar",
    "de": "als am an auch auf aus bei beim bin das dass dem den der des die durch ein eine einem"
    " einen einer eines"
    " fur hat ich ihr im in ist kann man mein meine mit nach nicht oder sich sie sind uber um und"
    " vom von vor"
    " wann was wer wie wird wir wo zu zum zur",
    "fr": "a ai au aux avec c ce ces chez d dans de des du elle en est et il je l la le les leur"
    " ma mes mon n nous ou"
    " par pas pour qu que qui quand s sa se ses son sont sous sur un une vous y"
    " suis sommes etes avons avez ont moi",
    "it": "a ad agli ai al alla alle allo che chi ci col come con cui da dagli dai dal dalla"
    " dalle degli dei del dell"
    " della delle dello di dove e ed gli ha ho i il in io l la le lo mi mio nei nel nella non o"
    " per piu quando"
    " si sono su sua sui sul sulla suo un una uno",
    "es": "a al como con cual cuando de del donde e el en es esta este hay la las lo los mi mis"
    " muy no o para pero"
    " por que quien se si sin sobre son su sus un una uno y",
    "uk": "а або але без в ви від де для до за з зі і із й його є її коли куди ми мене мені на"
    " над не ні о об під по"
    " при про та те ти то у хто це ці чи що щоб я як яка який",
}

STOP_WORDS_OF = {
    code: frozenset(fold(word) for word in words.split()) for code, words in _BY_LANGUAGE.items()
}
STOP_WORDS: frozenset[str] = frozenset().union(*STOP_WORDS_OF.values())


def without_stop_words(folded: Iterable[str]) -> list[str]:
    """The folded words without stop words; all of them if they are stop words alone.

    "igualdad de oportunidades" gives two words.
    """
    words = list(folded)
    return [word for word in words if word not in STOP_WORDS] or words
