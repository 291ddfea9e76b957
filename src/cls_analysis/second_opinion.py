"""A second opinion: where a model trained on the reference codings disagrees with the terms.

The model reads words and pieces of words (TF-IDF) and asks one logistic regression for each code.
It is weaker than the terms, so it never changes a code: it says where to look first in new data.
"""

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from cls_analysis.codings import select_coding
from cls_analysis.normalise import normalise
from cls_analysis.tables import load_reference

MIN_TEXTS = 5  # a code with fewer training texts is not learnt: its model would always say no


def review(
    texts: list[str], reference: dict[str, pd.DataFrame] | None = None, n: int | None = None
) -> pd.DataFrame:
    """List where the terms of the codebook and a trained model disagree, the surest first.

    A code counts only if at least 5 different texts of the reference have it. In the reference of
    version 1 that leaves out sexual_reproductive_health, families_carers, outreach, training and
    innovation: no disagreement on them is ever listed. The model has seen the texts of the
    reference, so a review of these same texts says little.

    Parameters
    ----------
    texts : list of str
        Axes, coded with `normalise()`.
    reference : dict of DataFrame, optional
        axes and codings, as `load_reference()` returns them; default, the whole reference.
    n : int, optional
        The longest list wanted; default, all disagreements.

    Returns
    -------
    DataFrame
        row (number of the text, from 1), axis_text, facet, code, terms (whether the terms give the
        code), model (whether the model does), probability (the model's, that the code is right),
        surety (the probability of the model's own answer, 0.5 to 1).

    Raises
    ------
    ValueError
        If `n` is below 1, or the reference has fewer than two codes with 5 texts.
    """
    reference = load_reference() if reference is None else reference
    coding = select_coding(reference["codings"], "adjudicated", reference["axes"])
    return list_disagreements(normalise(texts), coding, n)


def list_disagreements(
    coded: pd.DataFrame, coding: pd.DataFrame, n: int | None = None
) -> pd.DataFrame:
    """List where a coding and a model disagree, the surest first.

    Parameters
    ----------
    coded : DataFrame
        row, axis_text, facet, code, as `normalise()` returns them.
    coding : DataFrame
        axis_text, facet, code: what the model is trained on (see `codings.select_coding()`).
    n : int, optional
        As in `review()`.

    Returns
    -------
    DataFrame
        As in `review()`.

    Raises
    ------
    ValueError
        If `n` is below 1, or `coding` has fewer than two codes with 5 texts.
    """
    if n is not None and n < 1:
        raise ValueError(f"n is the length of the list: 1 or more, not {n}.")
    model, keys = train_model(coding, MIN_TEXTS)
    texts = coded[["row", "axis_text"]].drop_duplicates("row")
    probability = np.empty((0, len(keys)))
    if len(texts):
        probability = model.predict_proba(texts["axis_text"].tolist())
    given = coded.dropna(subset="code")
    given_keys = (given["facet"] + ":" + given["code"]).groupby(given["row"]).agg(list).to_dict()
    terms = np.array([np.isin(keys, given_keys.get(row, [])) for row in texts["row"]], dtype=bool)
    terms = terms.reshape(probability.shape)
    text, key = np.nonzero(terms != (probability > 0.5))
    found = probability[text, key]
    listed = pd.DataFrame(
        {
            "row": texts["row"].to_numpy()[text],
            "axis_text": texts["axis_text"].to_numpy()[text],
            "facet": [keys[k].split(":")[0] for k in key],
            "code": [keys[k].split(":")[1] for k in key],
            "terms": terms[text, key],
            "model": ~terms[text, key],
            "probability": found,
            "surety": np.maximum(found, 1 - found),
        }
    ).astype({"axis_text": "string", "facet": "string", "code": "string"})
    listed = listed.sort_values("surety", ascending=False, kind="stable", ignore_index=True)
    return listed.head(len(listed) if n is None else n)


def train_model(
    coding: pd.DataFrame, min_texts: int = 1, features: TransformerMixin | None = None
) -> tuple[Pipeline, list[str]]:
    """Train the model on a coding; the same coding gives the same model.

    TF-IDF of words (1 to 2) and of pieces of words (2 to 5 letters), then one logistic regression
    for each code with both answers weighted alike. C = 10 was the best of 1 to 1000 in a
    cross-validation over the read part of the reference.

    Parameters
    ----------
    coding : DataFrame
        axis_text, facet, code; a text without code has one row with both missing.
    min_texts : int
        How many different texts must have a code for it to be learnt.
    features : transformer, optional
        What turns texts into numbers in place of TF-IDF, for instance an embedding.

    Returns
    -------
    model : Pipeline
        predict() and predict_proba() take a list of texts and return one column for each key.
    keys : list of str
        "facet:code" of each code learnt, sorted.

    Raises
    ------
    ValueError
        If fewer than two codes have that many texts and are absent from others.
    """
    coding = coding.drop_duplicates(["axis_text", "facet", "code"]).sort_values("axis_text")
    key = coding["facet"] + ":" + coding["code"]
    texts_with = key.value_counts()
    n_texts = coding["axis_text"].nunique()
    keys = sorted(texts_with.index[(texts_with >= min_texts) & (texts_with < n_texts)])
    if len(keys) < 2:
        raise ValueError(
            f"The model needs two codes with {min_texts} texts or more, and texts without them."
        )
    sets = key.groupby(coding["axis_text"]).agg(list)
    if features is None:
        folded = {"strip_accents": "unicode", "sublinear_tf": True}
        features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), **folded),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **folded),
        )
    code_model = LogisticRegression(
        C=10, class_weight="balanced", solver="liblinear", random_state=0
    )
    model = make_pipeline(features, OneVsRestClassifier(code_model))
    answers = np.array([np.isin(keys, given) for given in sets]).astype(int)
    return model.fit(sets.index.tolist(), answers), keys
