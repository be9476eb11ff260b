"""The base of the read-only addresses: scope, filters, pages, ETag."""

from typing import Any, ClassVar, cast

from django.db import models
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.openapi import AutoSchema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from governance.api.authentication import HasScope, KeyAuthentication, PerKeyThrottle
from governance.api.pagination import KeysetPagination
from governance.models import Membership

KNOWN = {"cursor", "page_size", "format"}


class ScopedSchema(AutoSchema):
    """Names the key scope of each operation in the schema as `x-scope`."""

    def get_extensions(self) -> dict[str, Any]:
        return {"x-scope": cast(Any, self.view).scope}


class ScopedReadViewSet(ReadOnlyModelViewSet):
    """Rows of `model` in the scope of the key's department; needs the key scope `scope`."""

    model: ClassVar[type[models.Model]]
    scope: ClassVar[str]
    authentication_classes = [KeyAuthentication]
    permission_classes = [HasScope]
    throttle_classes = [PerKeyThrottle]
    filter_backends = [DjangoFilterBackend]
    pagination_class = KeysetPagination
    schema = ScopedSchema()

    def rows(self, actor: Membership) -> models.QuerySet:
        """The rows with what the serializer needs at hand; views add select_related here."""
        return cast(Any, self.model)._default_manager.visible_to(actor)

    def get_queryset(self) -> models.QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.model._default_manager.none()
        return self.rows(self.request.actor)  # type: ignore[attr-defined]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self._refuse_unknown(request)
        return super().list(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        etag = f'"{getattr(row, "version", row.pk)}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        return Response(self.get_serializer(row).data, headers={"ETag": etag})

    def _refuse_unknown(self, request: Request) -> None:
        """A misspelt filter must not silently give everything."""
        filterset = getattr(self, "filterset_class", None)
        known = KNOWN | set(filterset.base_filters if filterset else ())
        unknown = sorted(set(request.query_params) - known)
        if unknown:
            raise ValidationError({name: ["is not a filter of this address"] for name in unknown})
