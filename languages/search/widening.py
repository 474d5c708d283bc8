"""Widens a query: by compounds that contain its words, by synonyms, by the parts of compounds."""

from dataclasses import replace

from languages.search.compounds import find_compounds, split_compounds
from languages.search.query import Query, QueryTerm, word_term
from languages.search.synonyms import with_synonyms
from languages.search.word_lists import asking_words


def widened(query: Query, language: str) -> Query:
    """The query with the compounds that contain its words, and with its synonyms."""
    with_parts = with_compounds(query, language)
    return with_synonyms(with_parts, language)


def with_compounds(query: Query, language: str) -> Query:
    """The query with the compounds of the index that contain its words."""
    terms = query.single_words
    words = [term.words[0] for term in terms]
    compounds_by_word = find_compounds(words, language)
    for term, word in zip(terms, words, strict=True):
        compounds = compounds_by_word.get(word)
        if compounds:
            beginnings = compounds.beginnings.union(term.beginnings)
            longer = replace(
                term,
                compounds=tuple(compounds.tokens),
                beginnings=tuple(sorted(beginnings)),
            )
            query = query.replace_term(term, longer)
    return query


def without_unknown_compounds(query: Query, language: str) -> Query:
    """The query with the parts of compounds that the index does not have."""
    words = [term.words[0] for term in query.single_words]
    parts = split_compounds(words, language)
    if not parts:
        return query
    terms: list[QueryTerm] = []
    for term in query.terms:
        own = parts.get(term.words[0]) if term.is_single_word else None
        terms += map(word_term, own) if own else [term]
    return widened(replace(query, terms=tuple(terms)), language)


def without_asking_words(terms: tuple[QueryTerm, ...], language: str) -> tuple[QueryTerm, ...]:
    """The terms without words that only ask; all where no other is left."""
    asking = asking_words(language)
    others = []
    for term in terms:
        if asking.isdisjoint(term.words):
            others.append(term)
    return tuple(others) or terms
