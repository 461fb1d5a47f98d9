"""Addresses of the app that a cadre carries."""

from django.urls import path

from lianxin.field.views import enrol, handsets, shell, waiting

app_name = "field"
urlpatterns = [
    path("", shell.app, name="app"),
    path("enrol/", enrol.enrol, name="enrol"),
    path("handsets/", handsets.handsets, name="handsets"),
    path("handsets/<int:pk>/wipe/", handsets.wipe, name="wipe"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/<int:pk>/", waiting.entry, name="entry"),
    path("waiting/<int:pk>/take-in/", waiting.take_in, name="take_in"),
    path("waiting/<int:pk>/drop/", waiting.drop, name="drop"),
    path("waiting/conflicts/<int:pk>/settle/", waiting.settle, name="settle"),
    path("worker.js", shell.worker, name="worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("words/<str:code>.json", shell.words, name="words"),
]
