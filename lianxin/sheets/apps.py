from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "lianxin.sheets"
    default_auto_field = "django.db.models.BigAutoField"
