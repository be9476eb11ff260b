"""The floor of a list page: one indexed SELECT of 50 rows, a plain template, nothing else.

Served beside the product by the same processes, so that both feel the same noise.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.template import Context, Engine  # noqa: E402
from django.urls import path  # noqa: E402

from config import urls  # noqa: E402
from institutions.models import Institution  # noqa: E402

PLAIN = Engine().from_string(
    "<!doctype html><html lang=zh><title>floor</title><table>{% for row in rows %}"
    "<tr><td><input type=checkbox name=pick value={{ row.id }}></td>"
    "<td><a href=/institutions/{{ row.id }}/>{{ row.number }}</a></td>"
    "<td>{{ row.credit_code }}</td>"
    "<td>{{ row.principal }}</td><td>{{ row.sponsor }}</td><td>{{ row.division_id }}</td>"
    '<td>{{ row.founded_on|date:"Y-m-d" }}</td><td>{{ row.created_at|date:"Y-m-d H:i" }}</td>'
    "<td>{{ row.version }}</td><td>{{ row.note }}</td></tr>{% endfor %}</table></html>"
)


def floor(request: HttpRequest) -> HttpResponse:
    """Fifty rows of the table of institutions by their key."""
    rows = Institution.objects.defer("contact_phone").order_by("-pk")[:50]
    return HttpResponse(PLAIN.render(Context({"rows": rows})))


urls.urlpatterns += [path("floor/", floor)]
application = WSGIHandler()
