"""A peer that needs packages and weights which the project does not bring: an embedding model."""

from functools import partial

from sklearn.preprocessing import FunctionTransformer

from cls_analysis.peers import Peer, code_by_model

MODEL = "intfloat/multilingual-e5-small"
PREFIX = "query: "  # the model was trained with it


def find_embedding_peer() -> tuple[dict[str, Peer], str]:
    """Return the peer by its name, or nothing and a sentence that says what is missing."""
    try:
        from sentence_transformers import SentenceTransformer

        model = SentenceTransformer(MODEL, device="cpu", local_files_only=True)
    except ImportError:
        return {}, "Embedding model: skipped, the package sentence-transformers is not installed."
    except OSError:
        return {}, f"Embedding model: skipped, {MODEL} is not on this computer."

    def embed(texts: list[str]):
        return model.encode([PREFIX + text for text in texts], normalize_embeddings=True)

    peer = partial(code_by_model, features=FunctionTransformer(embed))
    return {"e5_logreg": peer}, f"Embedding model: {MODEL}, one core or all as torch decides."
