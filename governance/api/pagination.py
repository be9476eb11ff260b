"""Keyset pages: the cursor is signed and bound to the filters it was made under."""

import hashlib

from django.core import signing
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

SALT = "mingshu.api.cursor"
LARGEST, USUAL = 500, 100


class KeysetPagination(BasePagination):
    """`?cursor=` continues after the last row by primary key; `?page_size=` up to 500."""

    def paginate_queryset(self, queryset, request, view=None) -> list:
        self.request = request
        size = self._size(request)
        after = self._after(request)
        rows = queryset.order_by("pk")
        if after is not None:
            rows = rows.filter(pk__gt=after)
        page = list(rows[: size + 1])
        self.more = len(page) > size
        self.last = page[size - 1].pk if self.more else None
        return page[:size]

    def get_paginated_response(self, data) -> Response:
        return Response({"next": self._next(), "results": data})

    def get_paginated_response_schema(self, schema: dict) -> dict:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": "string", "format": "uri", "nullable": True},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view) -> list[dict]:
        text = "Continue where the page before ended; take it from `next`."
        return [
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": text},
            {
                "name": "page_size",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": USUAL},
                "description": "Rows on a page.",
            },
        ]

    def _next(self) -> str | None:
        if not self.more:
            return None
        cursor = signing.dumps([self.last, _filters(self.request)], salt=SALT, compress=True)
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def _size(self, request) -> int:
        text = request.query_params.get("page_size", str(USUAL))
        if not text.isdigit() or not 1 <= int(text) <= LARGEST:
            raise ValidationError({"page_size": [f"must be a number from 1 to {LARGEST}"]})
        return int(text)

    def _after(self, request) -> int | None:
        cursor = request.query_params.get("cursor")
        if not cursor:
            return None
        try:
            after, filters = signing.loads(cursor, salt=SALT)
        except (signing.BadSignature, ValueError) as error:
            raise ValidationError({"cursor": ["is not one of ours"]}) from error
        if filters != _filters(request):
            raise ValidationError({"cursor": ["belongs to other filters"]})
        return after


def _filters(request) -> str:
    """A short digest of address and filters, without cursor and page size."""
    given = sorted(
        (name, value)
        for name in request.query_params
        for value in request.query_params.getlist(name)
        if name not in ("cursor", "page_size")
    )
    return hashlib.sha256(repr((request.path, given)).encode()).hexdigest()[:16]
