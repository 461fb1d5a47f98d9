"""All addresses, gathered from the doors."""

from django.urls import URLPattern, URLResolver, include, path

from lianxin.project.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("lianxin.people.urls")),
    path("desk/", include("lianxin.desk.urls")),
    path("field/", include("lianxin.field.urls")),
    path("", include("lianxin.portal.urls")),
]
