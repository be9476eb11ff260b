"""The addresses of the partner API, in one place."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from campaigns.api import CollectionViewSet, ReturnViewSet
from desk.api_docs import docs
from inspections.api import FindingViewSet, InspectionViewSet, RectificationTaskViewSet
from institutions.api import InstitutionViewSet, LicenceViewSet
from publiclists.api import ListEntryViewSet, PublicationViewSet

router = SimpleRouter()
router.register("institutions", InstitutionViewSet, "api-institution")
router.register("licences", LicenceViewSet, "api-licence")
router.register("inspections", InspectionViewSet, "api-inspection")
router.register("findings", FindingViewSet, "api-finding")
router.register("rectification-tasks", RectificationTaskViewSet, "api-rectification-task")
router.register("list-entries", ListEntryViewSet, "api-list-entry")
router.register("publications", PublicationViewSet, "api-publication")
router.register("collections", CollectionViewSet, "api-collection")
router.register("returns", ReturnViewSet, "api-return")

urlpatterns = [
    path("v1/", include(router.urls)),
    path(
        "schema/",
        SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]),
        name="api-schema",
    ),
    path("docs/", docs, name="api-docs"),
]
