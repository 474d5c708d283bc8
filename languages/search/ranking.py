"""How near a row is to what was typed. Done here and not by the databases, which rank
differently."""

from dataclasses import dataclass

from languages.folding import words
from languages.search.candidates import Candidate
from languages.search.marks import of_name
from languages.search.query import QueryTerm, Typed
from languages.search.stop_words import telling

# How a row has a term. Another form of a word counts like the word itself; what is begun, or part
# of a compound, less.
EXACT, INFLECTED, BEGUN, ABSENT = range(4)
EXACT_NAME, NAME_BEGINS, IN_NAME, IN_TEXT = 0, 1, 2, 4
# A name that has the word in another language comes after one in the reader's that has it a little
# less exactly.
FOREIGN = 1.5
# What stands on the page of something else comes after what has a page of its own.
PART = 1


@dataclass(frozen=True)
class Likeness:
    """How near a row is to what was typed; less is nearer."""

    missing: int
    level: int
    # Among rows of one level and one kind.
    fine: tuple = ()


def likeness(row: Candidate, asked: Typed) -> Likeness:
    """First the terms that are missing, then where the others are: a name of exactly these words,
    one that begins with several of them, a name, the text. Of names those with fewer other words
    come first."""
    title = set(row.title_tokens.split())
    if of_name(asked.words) in title:
        return Likeness(0, EXACT_NAME)
    in_title = [nearness(term, title) for term in asked.terms]
    if ABSENT not in in_title:
        names = [telling(words(name)) for name in row.own_names.split("\n")]
        spelled, last = telling(asked.words), asked.terms[-1]
        starts = any(_starts(name, spelled, last.compounds) for name in names)
        level = NAME_BEGINS if starts and len(spelled) > 1 else IN_NAME + (max(in_title) == BEGUN)
        return Likeness(0, level, (not starts, min(map(len, names)), max(in_title)))
    everything = title.union(row.text_tokens.split())
    anywhere = [nearness(term, everything) for term in asked.terms]
    present = [near for near in anywhere if near != ABSENT]
    missing = len(anywhere) - len(present)
    # Of the terms that are there, those in a name make up for some that are missing.
    named = sum(near != ABSENT for near in in_title)
    level = IN_TEXT + (max(present, default=ABSENT) >= BEGUN)
    return Likeness(missing, level, (-named, max(present, default=ABSENT)))


def _starts(name: list[str], spelled: list[str], compounds: tuple[str, ...]) -> bool:
    """Whether a name begins with the words, the last of which may go on or stand in a compound."""
    there = name[: len(spelled)]
    if not there or there[:-1] != spelled[:-1]:
        return False
    return there[-1].startswith(spelled[-1]) or there[-1] in compounds


def nearness(term: QueryTerm, tokens: set[str]) -> int:
    """How a set of tokens has a term: as typed, inflected, begun or in a compound, not at all."""
    if all(word in tokens for word in term.words):
        return EXACT
    if not tokens.isdisjoint(term.tokens):
        return INFLECTED
    if term.parts and not term.quoted:
        near = max(nearness(part, tokens) for part in term.parts)
        if near != ABSENT:
            return near
    if not tokens.isdisjoint(term.compounds):
        return BEGUN
    return (
        BEGUN
        if term.beginnings and any(token.startswith(term.beginnings) for token in tokens)
        else ABSENT
    )
