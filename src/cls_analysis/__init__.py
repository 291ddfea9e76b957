"""Open, reproducible comparison of French local health contracts (contrats locaux de santé)."""

from cls_analysis.agreement import alpha_by_code, alpha_by_facet, evaluate
from cls_analysis.clusters import find_clusters
from cls_analysis.codebook import load_codebook
from cls_analysis.compare import prevalence, priorities, similarity
from cls_analysis.councils import ladder
from cls_analysis.distinctive import distinctive
from cls_analysis.errors import DataError
from cls_analysis.find import find
from cls_analysis.normalise import normalise
from cls_analysis.profile import profile
from cls_analysis.second_opinion import review
from cls_analysis.tables import check_folder, load_corpus, load_national, load_reference

__all__ = [
    "DataError",
    "alpha_by_code",
    "alpha_by_facet",
    "check_folder",
    "distinctive",
    "evaluate",
    "find",
    "find_clusters",
    "ladder",
    "load_codebook",
    "load_corpus",
    "load_national",
    "load_reference",
    "normalise",
    "prevalence",
    "priorities",
    "profile",
    "review",
    "similarity",
]
