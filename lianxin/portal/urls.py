"""Addresses of the residents' pages; the route name is the deed."""

from django.urls import URLPattern, path

from lianxin.portal.views import answers, figures, home, my, pages, track, voices

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("speak/", voices.speak, name="speak"),
    path("speak/alike/", voices.alike, name="said_before"),
    path("letter/", voices.letter, name="write_letter"),
    path("receipt/", voices.receipt, name="receipt"),
    path("receipt/paper.pdf", voices.receipt_pdf, name="receipt_pdf"),
    path("leave/", voices.leave, name="leave"),
    path("track/", track.track, name="track"),
    path("track/<str:number>/", track.progress, name="progress"),
    path("track/<str:number>/paper/", track.progress_paper, name="progress_paper"),
    path("track/<str:number>/add/", track.add, name="add"),
    path("track/<str:number>/confirm/<str:case>/", track.confirm, name="confirm"),
    path("track/<str:number>/proof.json", track.proof, name="proof"),
    path("my/", my.my, name="my"),
    path("my/code/", my.my_code, name="my_code"),
    path("answers/", answers.answers, name="answers"),
    path("answers/<int:pk>/", answers.answer, name="answer"),
    path("figures/", figures.figures, name="figures"),
    path("figures/figures.csv", figures.figures_csv, name="figures_csv"),
    path("figures/<slug:key>/", figures.figure, name="figure"),
    path("digest/", figures.digests, name="digests"),
    path("digest/<int:year>-<int:month>/", figures.digest, name="digest"),
    path("ledger/", pages.ledger, name="record"),
    path("ledger/roots.json", pages.ledger_json, name="record_json"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("healthz", pages.healthz, name="healthz"),
    path("robots.txt", pages.robots, name="robots"),
    path("favicon.ico", pages.favicon, name="favicon"),
]
