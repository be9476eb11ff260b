"""Every address of the product, by app."""

from django.urls import include, path

handler400 = "governance.errors.bad_request"
handler403 = "governance.errors.forbidden"
handler404 = "governance.errors.not_found"
handler500 = "governance.errors.server_error"

urlpatterns = [
    path("api/", include("config.api")),
    path("", include("governance.urls")),
    path("", include("institutions.urls")),
    path("", include("inspections.urls")),
    path("", include("campaigns.urls")),
    path("", include("publiclists.urls")),
    path("", include("desk.urls")),
]
