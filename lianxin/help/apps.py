from django.apps import AppConfig


class HelpConfig(AppConfig):
    name = "lianxin.help"
    default_auto_field = "django.db.models.BigAutoField"
