"""All addresses, gathered from the doors."""

from django.urls import URLPattern, URLResolver, include, path

from lianxin.project.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    # Asked in this order for every page: what has a first word of its own costs one look, the others one for each page.
    path("desk/", include("lianxin.desk.urls")),
    path("api/v1/", api.urls),
    path("field/", include("lianxin.field.urls")),
    path("", include("lianxin.portal.urls")),
    path("", include("lianxin.people.urls")),
]
handler400 = "lianxin.people.middleware.not_taken"
