"""Addresses of the registry; the ledger and the dossier are shown by the desk."""

from django.urls import include, path

from institutions.views import certificates, entry, facts, members, sites

urlpatterns = [
    path("", include("institutions.filing_urls")),
    path("institutions/import/", include("institutions.import_urls")),
    path("", include("institutions.lead_urls")),
    path("institutions/new/", entry.new, name="institution-new"),
    path("institutions/similar/", entry.similar, name="institution-similar"),
    path("institutions/found/", entry.found, name="institution-found"),
    path("institutions/<int:pk>/found/", entry.found_done, name="institution-found-done"),
    path("institutions/<int:pk>/same/", entry.same, name="institution-same"),
    path("institutions/<int:pk>/facts/", facts.facts, name="institution-facts"),
    path("institutions/<int:pk>/identity/", facts.identity, name="institution-identity"),
    path("institutions/<int:pk>/files/", facts.add_file, name="institution-file"),
    path("institutions/<int:pk>/tidy/", facts.tidy, name="institution-tidy"),
    path("institutions/<int:pk>/duplicate/", facts.duplicate, name="institution-duplicate"),
    path("institutions/<int:pk>/unflag/", facts.clear_duplicate, name="institution-unflag"),
    path("institutions/<int:pk>/merge/", facts.merge, name="institution-merge"),
    path("institutions/<int:pk>/void/", facts.void, name="institution-void"),
    path("institutions/<int:pk>/licences/new/", certificates.new, name="licence-new"),
    path("institutions/licences/<int:pk>/", certificates.correct, name="licence-edit"),
    path("institutions/licences/<int:pk>/status/", certificates.status, name="licence-status"),
    path("institutions/licences/<int:pk>/void/", certificates.void, name="licence-void"),
    path("institutions/<int:pk>/disposals/new/", certificates.dispose, name="disposal-new"),
    path("institutions/<int:pk>/sites/new/", sites.new, name="site-new"),
    path("institutions/sites/<int:pk>/", sites.change, name="site-edit"),
    path("institutions/sites/<int:pk>/close/", sites.close, name="site-close"),
    path("institutions/sites/<int:pk>/void/", sites.void, name="site-void"),
    path("institutions/<int:pk>/members/", members.index, name="institution-members"),
    path(
        "institutions/<int:pk>/members/<int:member>/link/",
        members.new_link,
        name="institution-member-link",
    ),
    path(
        "institutions/<int:pk>/members/<int:member>/end/",
        members.end,
        name="institution-member-end",
    ),
]
