"""A data package of three small tables, good as it is, for tests that break it."""

import json
from pathlib import Path
from typing import Any

DATE = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
SOURCE = {"fields": "source_id", "reference": {"resource": "sources", "fields": "source_id"}}
TABLES = {
    "sources.csv": """source_id,title,kind,url
city-page,"Contrat local de santé, page de la ville",own_page,https://example.org/a
press-page,L’agence signe,press,https://example.org/b
own-b,Santé à Évry,own_page,
""",
    "territories.csv": """territory_id,name,population,share,source_id
aix,Aix,149695,0.5,press-page
evry,Évry,,,press-page
""",
    "contracts.csv": """contract_id,territory_id,status,current,period_start,period_end,source_id
aix-1,aix,ended,false,2013-11-22,2013,press-page
aix-2,aix,signed,true,2023,2027,city-page
evry-1,evry,in_preparation,true,,,own-b
""",
}


def _field(name: str, kind: str = "string", **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "description": f"The {name}.", "constraints": constraints}


def small_package() -> dict[str, Any]:
    return {
        "name": "small",
        "title": "Small",
        "resources": [
            {
                "name": "sources",
                "path": "sources.csv",
                "schema": {
                    "fields": [
                        _field("source_id", required=True),
                        _field("title", required=True),
                        _field("kind", enum=["own_page", "press"]),
                        _field("url", pattern=r"^https?://\S+$"),
                    ],
                    "primaryKey": "source_id",
                },
            },
            {
                "name": "territories",
                "path": "territories.csv",
                "schema": {
                    "fields": [
                        _field("territory_id", required=True),
                        _field("name", required=True, unique=True),
                        _field("population", "integer", minimum=1),
                        _field("share", "number", maximum=1),
                        _field("source_id"),
                    ],
                    "primaryKey": ["territory_id"],
                    "foreignKeys": [SOURCE],
                },
            },
            {
                "name": "contracts",
                "path": "contracts.csv",
                "schema": {
                    "fields": [
                        _field("contract_id", required=True),
                        _field("territory_id", required=True),
                        _field("status", enum=["in_preparation", "signed", "ended"]),
                        _field("current", "boolean", required=True),
                        _field("period_start", pattern=DATE),
                        _field("period_end", pattern=DATE),
                        _field("source_id", required=True),
                    ],
                    "primaryKey": ["contract_id"],
                    "foreignKeys": [
                        {
                            "fields": ["territory_id"],
                            "reference": {"resource": "territories", "fields": ["territory_id"]},
                        },
                        SOURCE,
                    ],
                },
            },
        ],
    }


def write_small_package(folder: Path, **package: Any) -> Path:
    """Write the package, some of its properties replaced, and its tables."""
    folder.mkdir(exist_ok=True)
    for name, text in TABLES.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    described = json.dumps(small_package() | package, ensure_ascii=False)
    (folder / "datapackage.json").write_text(described, encoding="utf-8")
    return folder
