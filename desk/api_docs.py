"""The API's documentation as plain pages, rendered from its own OpenAPI schema."""

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator


def docs(request: HttpRequest) -> HttpResponse:
    """Quick start, errors, paging and every address; no script needed."""
    return render(request, "desk/api_docs.html", {"operations": operations()})


@cache
def operations() -> list[dict[str, Any]]:
    """Each operation of the schema with its parameters, scope and answer fields."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found = []
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            if address.startswith("/api/v1/"):
                found.append(_operation(schema, address, method, operation))
    return found


def _operation(schema: dict, address: str, method: str, operation: dict) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": operation.get("description", ""),
        "scope": operation.get("x-scope", ""),
        "parameters": operation.get("parameters", []),
        "fields": _fields(schema, operation),
    }


def _fields(schema: dict, operation: dict) -> list[dict[str, str]]:
    body = operation["responses"]["200"]["content"]["application/json"]["schema"]
    body = _resolved(schema, body)
    if "results" in body.get("properties", {}):
        body = _resolved(schema, body["properties"]["results"]["items"])
    return [
        {"name": name, "type": _type(schema, field), "description": field.get("description", "")}
        for name, field in body.get("properties", {}).items()
    ]


def _resolved(schema: dict, part: dict) -> dict:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[-1]]
    return part


def _type(schema: dict, field: dict) -> str:
    for wrapper in ("allOf", "oneOf"):
        if wrapper in field:
            field = field[wrapper][0]
    field = _resolved(schema, field)
    if "enum" in field:
        return " | ".join(str(value) for value in field["enum"] if value is not None)
    if field.get("type") == "array":
        return f"[{_type(schema, field['items'])}]"
    return field.get("format") or field.get("type", "object")
