from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "lianxin.places"
    default_auto_field = "django.db.models.BigAutoField"
