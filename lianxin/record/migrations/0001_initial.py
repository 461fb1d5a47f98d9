import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import lianxin.ledger.models.grams


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ledger", "0001_initial"),
        ("people", "0002_campaign"),
        ("places", "0001_initial"),
        ("sheets", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Discipline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=120)),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("in_use", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="EncounterKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=40)),
                (
                    "of",
                    models.CharField(
                        choices=[
                            ("household", "a household"),
                            ("enterprise", "an enterprise or other unit"),
                            ("place", "a place as a whole"),
                            ("session", "a session with several people"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "sheet",
                    models.CharField(
                        blank=True, help_text="Key of the checklist that is filled in with it.", max_length=60
                    ),
                ),
                (
                    "asks",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Parts of the file that must be filled in, or said to be unchanged, before it is handed in.",
                    ),
                ),
                (
                    "is_profile",
                    models.BooleanField(default=False, help_text="Makes known a place before its doors are visited."),
                ),
                (
                    "late_days",
                    models.PositiveSmallIntegerField(
                        default=3, help_text="Calendar days after which an entry counts as made late."
                    ),
                ),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("in_use", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="FactKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "of",
                    models.CharField(
                        choices=[
                            ("house", "housing"),
                            ("work", "work"),
                            ("income", "income"),
                            ("insurance", "insurance"),
                            ("difficulty", "difficulty"),
                            ("benefit", "benefit received"),
                        ],
                        max_length=12,
                    ),
                ),
                ("key", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=60)),
                (
                    "need",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("employment", "employment"),
                            ("aid", "social assistance"),
                            ("medical", "medical care"),
                            ("housing", "a safe house"),
                            ("schooling", "schooling"),
                        ],
                        help_text="Which help a difficulty asks for.",
                        max_length=12,
                    ),
                ),
                (
                    "service",
                    models.CharField(
                        blank=True, help_text="Code of the service of the catalogue, if any.", max_length=60
                    ),
                ),
                (
                    "is_private",
                    models.BooleanField(default=False, help_text="Illness and the like: masked until revealed."),
                ),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("in_use", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("know", "know"), ("clear", "clear")], max_length=8)),
                ("words", models.CharField(max_length=60)),
                (
                    "fields",
                    models.JSONField(default=list, help_text="Parts of the file that must be filled in for it."),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("in_use", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Survey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sheet",
                    models.CharField(
                        help_text="Key of the sheet; its live version is asked.", max_length=60, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "of",
                    models.CharField(
                        choices=[
                            ("village", "village"),
                            ("household", "household"),
                            ("resident", "resident"),
                            ("enterprise", "enterprise"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "named_by",
                    models.CharField(
                        blank=True,
                        help_text="Field that names the thing, where one file holds several: the reach.",
                        max_length=40,
                    ),
                ),
                (
                    "alarm",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Condition on the answers that must be reported: grade is D.",
                    ),
                ),
                (
                    "is_profile",
                    models.BooleanField(default=False, help_text="It says what a village or community is as a whole."),
                ),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("in_use", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="Action",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("each_member", models.BooleanField(default=False, help_text="By every member, as with a training.")),
                ("mandatory", models.BooleanField(default=True)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="people.campaign"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        blank=True,
                        help_text="An encounter of this kind fulfils it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="record.encounterkind",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Book",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(help_text="As it stands on the cover.", max_length=40, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("pages", models.PositiveSmallIntegerField(null=True)),
                ("begun_on", models.DateField(null=True)),
                ("kept_at", models.CharField(blank=True, help_text="Where the paper lies.", max_length=120)),
                (
                    "areas",
                    models.ManyToManyField(
                        help_text="Villages that it covers.", related_name="books", to="places.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Chair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(help_text="Title of the post.", max_length=60)),
                ("seat", models.CharField(help_text="Head, deputy, member.", max_length=20)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="chairs", to="people.campaign"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Encounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True)),
                ("starts_at", models.DateTimeField(help_text="When it was, by the clock of who was there.")),
                ("ends_at", models.DateTimeField(null=True)),
                ("recorded_at", models.DateTimeField(help_text="When the county learned of it.")),
                (
                    "submitted_at",
                    models.DateTimeField(help_text="When it was handed in; a draft until then.", null=True),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("face", "face to face"), ("phone", "by telephone"), ("online", "online")],
                        default="face",
                        max_length=8,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("met", "met somebody"),
                            ("absent", "nobody at home"),
                            ("away", "away for work or study"),
                            ("refused", "would rather not talk"),
                            ("moved", "no longer lives here"),
                        ],
                        default="met",
                        max_length=8,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="In words, where no place of the tree fits.", max_length=120
                    ),
                ),
                ("planned", models.BooleanField(default=False)),
                (
                    "headcount",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many people were met (person-times).", null=True
                    ),
                ),
                (
                    "come_back_on",
                    models.DateField(blank=True, help_text="When somebody should go there again.", null=True),
                ),
                ("notes", models.TextField(blank=True)),
                ("kept", models.BinaryField(help_text="The checklist of a draft, sealed.", null=True)),
                (
                    "client_id",
                    models.UUIDField(help_text="Given by the phone, so that twice is once.", null=True, unique=True),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        blank=True,
                        help_text="The checklist, filled in.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sheets.answer",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="places.area"
                    ),
                ),
                ("campaigns", models.ManyToManyField(blank=True, related_name="encounters", to="people.campaign")),
                (
                    "members",
                    models.ManyToManyField(
                        help_text="Officers who were there.", related_name="encounters", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        help_text="For which office it was.",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.office",
                    ),
                ),
                (
                    "recorder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("kind", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="record.encounterkind")),
            ],
        ),
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=20)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                ("because", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="record.encounter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Enterprise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("enterprise", "enterprise"),
                            ("project", "project"),
                            ("school", "school"),
                            ("institution", "public institution"),
                            ("social", "social organisation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                (
                    "code",
                    models.CharField(
                        blank=True, help_text="Unified social credit code (GB 32100), where it has one.", max_length=18
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=120)),
                ("contact", models.CharField(blank=True, help_text="Who is spoken to there.", max_length=60)),
                ("phone", models.BinaryField(help_text="Sealed.", null=True)),
                (
                    "is_key",
                    models.BooleanField(default=False, help_text="One of the county's key enterprises or projects."),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("area", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="places.area")),
            ],
        ),
        migrations.AddField(
            model_name="encounter",
            name="enterprise",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="record.enterprise",
            ),
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=60)),
                (
                    "indicator",
                    models.CharField(
                        choices=[
                            ("met", "households met"),
                            ("filed", "households whose file was said to be right"),
                            ("heard", "points heard"),
                            ("solved", "points solved"),
                            ("linked", "households with a helper"),
                            ("given", "small services"),
                        ],
                        max_length=12,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="goals", to="people.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("category", models.CharField(max_length=40)),
                ("contact", models.BinaryField(help_text="Phone, sealed.", null=True)),
                ("agreed_at", models.DateTimeField(help_text="When the person agreed to be asked.", null=True)),
                (
                    "left_at",
                    models.DateTimeField(help_text="When the person asked to be left alone, or moved.", null=True),
                ),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Handset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "client_id",
                    models.UUIDField(help_text="By which it knows itself before a PIN has opened it.", unique=True),
                ),
                ("name", models.CharField(help_text="As its officer calls it.", max_length=60)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(help_text="When it was last heard of.")),
                ("version", models.PositiveSmallIntegerField(default=0, help_text="Of the app that it runs.")),
                (
                    "waiting",
                    models.PositiveIntegerField(
                        default=0, help_text="How much waited on it to be sent, as it last said."
                    ),
                ),
                (
                    "skew",
                    models.BigIntegerField(
                        default=0, help_text="Seconds by which its clock was behind when last heard of."
                    ),
                ),
                ("wipe_asked_at", models.DateTimeField(null=True)),
                ("wipe_reason", models.CharField(blank=True, max_length=200)),
                ("wiped_at", models.DateTimeField(help_text="When it said that nothing is on it any more.", null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handsets",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "wipe_asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(help_text="Number of the file.", max_length=24, unique=True)),
                ("door", models.CharField(blank=True, help_text="House number, door.", max_length=80)),
                (
                    "called",
                    models.CharField(help_text="The name of its head, as the file is called by.", max_length=40),
                ),
                (
                    "presence",
                    models.CharField(
                        choices=[
                            ("living", "lives here"),
                            ("away", "away for work or study"),
                            ("empty", "house stands empty"),
                        ],
                        default="living",
                        max_length=8,
                    ),
                ),
                (
                    "noticed_at",
                    models.DateTimeField(
                        help_text="When the household was told why this is kept, who sees it and how long (PIPL art. 35).",
                        null=True,
                    ),
                ),
                (
                    "declined_at",
                    models.DateTimeField(help_text="When it said that it would rather not be asked.", null=True),
                ),
                (
                    "verified_at",
                    models.DateTimeField(help_text="When somebody last said that all of it is right.", null=True),
                ),
                (
                    "code_digest",
                    models.CharField(
                        blank=True, help_text="Of the code by which the household sees its own file.", max_length=64
                    ),
                ),
                ("page", models.PositiveSmallIntegerField(help_text="Page of the book.", null=True)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Paper book and page, or list and row.", max_length=120),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("split", "split into several households"),
                            ("merged", "merged into another household"),
                            ("moved", "moved out of the county"),
                            ("died", "nobody of it lives any more"),
                            ("mistake", "opened by mistake"),
                        ],
                        max_length=8,
                    ),
                ),
                ("grams", lianxin.ledger.models.grams.GramsField(default="")),
                (
                    "area",
                    models.ForeignKey(
                        help_text="The lowest place known: group, compound or building.",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="places.area",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="households",
                        to="record.book",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(blank=True, max_length=200)),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2, help_text="Yuan a year, or m² of a house.", max_digits=12, null=True
                    ),
                ),
                ("starts", models.DateField(null=True)),
                ("ends", models.DateField(help_text="The first day on which it is no longer so.", null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "client_id",
                    models.UUIDField(help_text="Given by the phone, so that twice is once.", null=True, unique=True),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="record.encounter",
                    ),
                ),
                ("kind", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="record.factkind")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="record.household"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="encounter",
            name="household",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="record.household",
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came", models.BooleanField(null=True)),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="record.encounter"
                    ),
                ),
                (
                    "guest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="record.guest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "need",
                    models.CharField(
                        choices=[
                            ("employment", "employment"),
                            ("aid", "social assistance"),
                            ("medical", "medical care"),
                            ("housing", "a safe house"),
                            ("schooling", "schooling"),
                        ],
                        max_length=12,
                    ),
                ),
                ("consented_at", models.DateTimeField(help_text="When the person agreed that it be handed on.")),
                ("words", models.CharField(blank=True, max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "with the office"), ("done", "helped"), ("failed", "could not be helped")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("outcome", models.CharField(blank=True, max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "fact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="record.fact"
                    ),
                ),
                ("office", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="people.office")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("how", models.CharField(max_length=8)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="later", to="record.household"
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="earlier", to="record.household"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tie",
                    models.CharField(
                        choices=[
                            ("secretary", "people's-situation secretary"),
                            ("village", "linked cadre of a village"),
                            ("leader", "linked leader"),
                            ("helper", "helper of a household"),
                            ("department", "department paired with a community"),
                        ],
                        max_length=12,
                    ),
                ),
                ("starts", models.DateField()),
                (
                    "ends",
                    models.DateField(blank=True, help_text="The first day on which it no longer holds.", null=True),
                ),
                ("duties", models.CharField(blank=True, max_length=200)),
                ("ended_because", models.CharField(blank=True, max_length=120)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="places.area",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="record.enterprise",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        help_text="The link that was handed over.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="record.link",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="record.household",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        help_text="Whose link it is: of the person, or its own.",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.office",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200)),
                ("offer", models.CharField(blank=True, max_length=200)),
                ("on", models.DateField(blank=True, null=True)),
                ("result", models.CharField(blank=True, max_length=300)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="needs", to="people.campaign"
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="record.encounter",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.office",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Occasion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("must", models.CharField(choices=[("visit", "must visit"), ("report", "must report")], max_length=8)),
                ("name", models.CharField(max_length=60)),
                ("days", models.PositiveSmallIntegerField(help_text="Calendar days in which it is to be done.")),
                (
                    "sheet",
                    models.CharField(blank=True, help_text="Key of the checklist that can raise it.", max_length=60),
                ),
                (
                    "when",
                    models.JSONField(blank=True, default=dict, help_text="Answers to the checklist that raise it."),
                ),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                ("in_use", models.BooleanField(default=True)),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        help_text="To whom it is reported.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.office",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("raised_at", models.DateTimeField()),
                ("because", models.CharField(blank=True, max_length=200)),
                ("due_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
                ("reported", models.CharField(blank=True, help_text="What was reported.", max_length=300)),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "at_encounter",
                    models.ForeignKey(
                        help_text="Where it came up.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="record.encounter",
                    ),
                ),
                (
                    "visited",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.encounter"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="record.household"
                    ),
                ),
                (
                    "occasion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="record.occasion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("card", "contact card"),
                            ("letter", "open letter"),
                            ("policy", "policy explained"),
                            ("service", "small service"),
                            ("lesson", "lesson on a danger"),
                        ],
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "text",
                    models.TextField(blank=True, help_text="Words of the letter; what is to be said of the policy."),
                ),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.campaign",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whose people bring it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.office",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Given",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.PositiveIntegerField()),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="given", to="record.encounter"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="given", to="record.offer"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Outing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                (
                    "instead_of",
                    models.DateField(blank=True, help_text="The usual day, where that is a holiday.", null=True),
                ),
                ("declared_at", models.DateTimeField(null=True)),
                ("declaration", models.TextField(blank=True, help_text="The words that were declared.")),
                ("breach", models.CharField(blank=True, help_text="What was not kept, in words.", max_length=200)),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Going",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("came", models.BooleanField(null=True)),
                ("because", models.CharField(blank=True, help_text="Why not.", max_length=120)),
                (
                    "substitute",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "outing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="goings", to="record.outing"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="encounter",
            name="outing",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="record.outing",
            ),
        ),
        migrations.CreateModel(
            name="Period",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regular",
                    models.CharField(
                        choices=[
                            ("update", "regular update"),
                            ("revisit", "regular revisit"),
                            ("assess", "regular assessment"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "in_difficulty",
                    models.BooleanField(default=False, help_text="Of households with a difficulty alone."),
                ),
                ("months", models.PositiveSmallIntegerField()),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("months__gte", 1)), name="period_months"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None), ("valid_from__lt", models.F("valid_to")), _connector="OR"
                        ),
                        name="period_dates",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to", None)),
                        fields=("regular", "in_difficulty"),
                        name="period_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("relation", models.CharField(blank=True, help_text="To the head of the household.", max_length=20)),
                ("is_head", models.BooleanField(default=False)),
                ("sex", models.CharField(blank=True, choices=[("female", "woman"), ("male", "man")], max_length=6)),
                ("born_on", models.DateField(null=True)),
                (
                    "is_registered",
                    models.BooleanField(default=True, help_text="Registered here; tenants and guests are not."),
                ),
                (
                    "is_here",
                    models.BooleanField(default=True, help_text="Lives here now; away for work or study if not."),
                ),
                ("identity", models.BinaryField(help_text="Identity number, sealed.", null=True)),
                ("identity_index", models.CharField(blank=True, max_length=64)),
                (
                    "identity_reason",
                    models.CharField(
                        blank=True, help_text="Why a number that fails its check is kept all the same.", max_length=120
                    ),
                ),
                ("phone", models.BinaryField(help_text="Sealed.", null=True)),
                ("phone_index", models.CharField(blank=True, max_length=64)),
                ("more", models.BinaryField(help_text="Political status and health, sealed.", null=True)),
                ("joined_on", models.DateField(null=True)),
                ("left_on", models.DateField(null=True)),
                (
                    "left_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("died", "died"),
                            ("married", "married and left"),
                            ("moved", "moved away"),
                            ("split", "now of another household"),
                            ("mistake", "entered by mistake"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "before",
                    models.ForeignKey(
                        help_text="The same person in an earlier household.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="after",
                        to="record.resident",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="residents", to="record.household"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "field",
                    models.CharField(
                        blank=True, help_text="What is wrong: the field as the page calls it.", max_length=60
                    ),
                ),
                ("words", models.TextField(help_text="In the household's own words.")),
                ("at", models.DateTimeField()),
                (
                    "ruling",
                    models.CharField(
                        blank=True, choices=[("upheld", "corrected"), ("refused", "stays as it is")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("ruled_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Who took it down; nobody: the household itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="record.household"
                    ),
                ),
                (
                    "ruled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="record.resident",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="fact",
            name="resident",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="facts", to="record.resident"
            ),
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200)),
                ("grounds", models.CharField(help_text="On what it rests.", max_length=200)),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lifted_because", models.CharField(blank=True, max_length=200)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="risks", to="record.household"
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="scans", to="record.book"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="ledger.attachment")),
            ],
        ),
        migrations.CreateModel(
            name="Sent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "visit"),
                            ("voice", "what was heard"),
                            ("change", "change in a file"),
                            ("resident", "new resident"),
                            ("answer", "checklist"),
                            ("diary", "diary"),
                            ("settle", "choice between two changes"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("done", "taken"),
                            ("conflict", "two have changed the same"),
                            ("refused", "could not be taken"),
                            ("aside", "set aside: its officer may not visit any more"),
                        ],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField(help_text="What the clock of the phone read.")),
                ("deed_at", models.DateTimeField(help_text="When it was, by the county's clock.")),
                (
                    "doubtful",
                    models.BooleanField(default=False, help_text="The clock of the phone could not be believed."),
                ),
                ("received_at", models.DateTimeField()),
                ("thing", models.CharField(blank=True, max_length=40)),
                ("key", models.BigIntegerField(null=True)),
                ("result", models.JSONField(default=dict)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("content", models.BinaryField(help_text="What was sent, sealed, until it is settled.", null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_how", models.CharField(blank=True, max_length=200)),
                (
                    "handset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sent", to="record.handset"
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="record.household"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=60)),
                (
                    "content",
                    models.BinaryField(help_text="What the phone had seen, what stands there, what it sent; sealed."),
                ),
                (
                    "choice",
                    models.CharField(
                        blank=True,
                        choices=[("mine", "what the phone sent"), ("theirs", "what stands in the file")],
                        max_length=6,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to="record.sent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SignUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.CharField(blank=True, max_length=30)),
                ("born", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("skills", models.CharField(blank=True, max_length=120)),
                ("at", models.DateTimeField()),
                ("chosen", models.BooleanField(null=True)),
                ("because", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_ups", to="people.campaign"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                (
                    "counts",
                    models.CharField(
                        choices=[
                            ("officers", "officers who went"),
                            ("guests", "people of the roster who were met"),
                            ("households", "households met"),
                            ("enterprises", "organisations visited"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "only",
                    models.CharField(blank=True, help_text="Only of this rank, or of this category.", max_length=40),
                ),
                ("target", models.PositiveIntegerField()),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="targets", to="people.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=60)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="people.campaign"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        help_text="Whose people it is made of.",
                        on_delete=django.db.models.deletion.PROTECT,
                        to="people.office",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="outing",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="outings", to="record.team"
            ),
        ),
        migrations.AddField(
            model_name="encounter",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="encounters",
                to="record.team",
            ),
        ),
        migrations.CreateModel(
            name="ActionDone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("words", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="done", to="record.action"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="done", to="record.team"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="action",
            name="team",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose own idea it is.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_actions",
                to="record.team",
            ),
        ),
        migrations.CreateModel(
            name="TeamArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "doors_at",
                    models.DateTimeField(blank=True, help_text="When its doors were given to the team.", null=True),
                ),
                (
                    "area",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.area"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.campaign"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="record.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rank",
                    models.CharField(
                        blank=True, help_text="As on the day of joining; empty is “other”.", max_length=30
                    ),
                ),
                (
                    "born",
                    models.PositiveSmallIntegerField(blank=True, help_text="Year of birth, where known.", null=True),
                ),
                ("starts", models.DateField()),
                ("ends", models.DateField(blank=True, null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.campaign"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="members", to="record.team"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TeamRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asks",
                    models.CharField(
                        choices=[
                            ("rank", "people of a rank"),
                            ("young", "people younger than an age"),
                            ("leader", "a leader of a rank"),
                        ],
                        max_length=8,
                    ),
                ),
                ("rank", models.CharField(blank=True, max_length=30)),
                ("age", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("least", models.PositiveSmallIntegerField(default=1)),
                (
                    "each_team",
                    models.BooleanField(default=True, help_text="Of every team; otherwise of all teams together."),
                ),
                ("basis", models.CharField(blank=True, help_text="Document on which it rests.", max_length=200)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="team_rules", to="people.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=300)),
                (
                    "source",
                    models.CharField(blank=True, help_text="Number of the voice that it comes from.", max_length=20),
                ),
                ("result", models.CharField(blank=True, max_length=500)),
                ("who", models.CharField(blank=True, help_text="Who took it on.", max_length=60)),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="topics", to="record.encounter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(unique=True)),
                ("name", models.CharField(max_length=100)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("received", models.PositiveIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                (
                    "attachment",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.attachment"
                    ),
                ),
                (
                    "handset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uploads", to="record.handset"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="record.upload"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="VillageFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                (
                    "completed_at",
                    models.DateTimeField(
                        help_text="When its profile was said to be complete; no door is asked for before (VIS-36).",
                        null=True,
                    ),
                ),
                ("notes", models.TextField(blank=True)),
                (
                    "area",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="village_file", to="places.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Filled",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="When it was said.")),
                (
                    "recorded_at",
                    models.DateTimeField(help_text="When it was entered: later, where a notebook was keyed in (I-30)."),
                ),
                (
                    "called",
                    models.CharField(
                        blank=True, help_text="The thing of which it is, where there are several.", max_length=120
                    ),
                ),
                ("is_last", models.BooleanField(default=True)),
                ("alarms", models.BooleanField(default=False, help_text="It must be reported.")),
                (
                    "client_id",
                    models.UUIDField(help_text="Given by the phone, so that twice is once.", null=True, unique=True),
                ),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sheets.answer"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.encounter",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.enterprise",
                    ),
                ),
                ("files", models.ManyToManyField(blank=True, to="ledger.attachment")),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.household",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.resident",
                    ),
                ),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filled", to="record.survey"
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.villagefile",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(help_text="When it was said.")),
                (
                    "recorded_at",
                    models.DateTimeField(help_text="When it was entered: later, where a notebook was keyed in (I-30)."),
                ),
                ("field", models.CharField(max_length=30)),
                ("before", models.TextField(blank=True)),
                ("after", models.TextField(blank=True)),
                (
                    "sealed",
                    models.BinaryField(help_text="Both values, where they say who somebody is; sealed.", null=True),
                ),
                (
                    "client_id",
                    models.UUIDField(db_index=True, help_text="Given by the phone, so that twice is once.", null=True),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "encounter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.encounter",
                    ),
                ),
                (
                    "enterprise",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.enterprise",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.household",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.resident",
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="record.villagefile",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Diary",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("place", models.CharField(blank=True, max_length=120)),
                ("text", models.TextField()),
                ("is_growth", models.BooleanField(default=False)),
                ("written_at", models.DateTimeField()),
                ("shared_at", models.DateTimeField(help_text="When it was handed in; private until then.", null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("commented_at", models.DateTimeField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="diary", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "commented_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        help_text="Where the author worked then.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.office",
                    ),
                ),
                ("photos", models.ManyToManyField(blank=True, to="ledger.attachment")),
                (
                    "encounter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="diary",
                        to="record.encounter",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["author", "on"], name="diary_author")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("comment", ""), ("commented_at", None)),
                            models.Q(("commented_at__isnull", False), ("shared_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="diary_commented_once_shared",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="enterprise",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True), fields=("code",), name="enterprise_code"
            ),
        ),
        migrations.AddIndex(
            model_name="guest",
            index=models.Index(fields=["area", "category"], name="guest_area"),
        ),
        migrations.AddConstraint(
            model_name="handset",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("wipe_asked_at", None), ("wipe_reason", "")),
                    models.Q(("wipe_asked_at__isnull", False), models.Q(("wipe_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="handset_wiped_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["area", "door", "id"], name="household_area"),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["verified_at"], name="household_verified"
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("ending", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("ending", ""), _negated=True)),
                    _connector="OR",
                ),
                name="household_closed_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at", None)),
                fields=("area", "door", "called"),
                name="household_one_live_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("encounter", "guest"), name="invitation_once"),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("fact",), name="lead_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "open")),
                    models.Q(models.Q(("state", "open"), _negated=True), ("settled_at__isnull", False)),
                    _connector="OR",
                ),
                name="lead_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.UniqueConstraint(fields=("earlier", "later"), name="lineage_once"),
        ),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["user", "ends"], name="link_now"),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("area__isnull", False), ("enterprise", None), ("household", None)),
                    models.Q(("area", None), ("enterprise", None), ("household__isnull", False)),
                    models.Q(("area", None), ("enterprise__isnull", False), ("household", None)),
                    _connector="OR",
                ),
                name="link_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="link",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends", None), ("starts__lte", models.F("ends")), _connector="OR"),
                name="link_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_at", None), models.Q(("result", ""), _negated=True), _connector="OR"),
                name="need_done_with_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=models.Q(("offer", ""), ("office__isnull", False), _connector="OR"),
                name="need_offer_of_office",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(condition=models.Q(("done_at", None)), fields=["due_at"], name="call_due"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_at", None)), fields=("household", "occasion"), name="call_open_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at", None), ("reported", ""), ("visited", None)),
                    ("done_at__isnull", False),
                    _connector="OR",
                ),
                name="call_done",
            ),
        ),
        migrations.AddConstraint(
            model_name="given",
            constraint=models.UniqueConstraint(fields=("encounter", "offer"), name="given_once"),
        ),
        migrations.AddConstraint(
            model_name="given",
            constraint=models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="given_some"),
        ),
        migrations.AddConstraint(
            model_name="going",
            constraint=models.UniqueConstraint(fields=("outing", "user"), name="going_once"),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(
                condition=models.Q(("identity_index", ""), _negated=True),
                fields=["identity_index"],
                name="resident_identity",
            ),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(
                condition=models.Q(("phone_index", ""), _negated=True), fields=["phone_index"], name="resident_phone"
            ),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_head", True), ("left_on", None)),
                fields=("household",),
                name="household_one_head",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ruled_at", None), ("ruling", "")),
                    models.Q(("ruled_at__isnull", False), models.Q(("ruling", ""), _negated=True)),
                    _connector="OR",
                ),
                name="objection_ruled",
            ),
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["kind", "ends"], name="fact_kind"),
        ),
        migrations.AddConstraint(
            model_name="fact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts", None), ("ends", None), ("starts__lte", models.F("ends")), _connector="OR"
                ),
                name="fact_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.UniqueConstraint(fields=("book", "page"), name="scan_page"),
        ),
        migrations.AddIndex(
            model_name="sent",
            index=models.Index(fields=["handset", "received_at"], name="sent_handset"),
        ),
        migrations.AddIndex(
            model_name="sent",
            index=models.Index(
                condition=models.Q(("settled_at", None), models.Q(("state", "done"), _negated=True)),
                fields=["received_at"],
                name="sent_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(fields=("sent", "field"), name="conflict_field"),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("choice", ""), ("settled_at", None)),
                    models.Q(("settled_at__isnull", False), models.Q(("choice", ""), _negated=True)),
                    _connector="OR",
                ),
                name="conflict_settled_with_choice",
            ),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.UniqueConstraint(fields=("campaign", "user"), name="sign_up_once"),
        ),
        migrations.AddConstraint(
            model_name="signup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chosen", None), ("decided_at", None)),
                    models.Q(("chosen__isnull", False), ("decided_at__isnull", False)),
                    _connector="OR",
                ),
                name="sign_up_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(condition=models.Q(("target__gt", 0)), name="target_some"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("campaign", "number"), name="team_number"),
        ),
        migrations.AddIndex(
            model_name="outing",
            index=models.Index(fields=["on"], name="outing_day"),
        ),
        migrations.AddConstraint(
            model_name="outing",
            constraint=models.UniqueConstraint(fields=("team", "area", "on"), name="outing_once"),
        ),
        migrations.AddConstraint(
            model_name="outing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("declared_at", None), ("declared_by", None)),
                    models.Q(("declared_at__isnull", False), ("declared_by__isnull", False)),
                    _connector="OR",
                ),
                name="outing_declared",
            ),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["household", "starts_at"], name="encounter_household"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["area", "starts_at"], name="encounter_area"),
        ),
        migrations.AddIndex(
            model_name="encounter",
            index=models.Index(fields=["recorder", "starts_at"], name="encounter_recorder"),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at", None), ("starts_at__lte", models.F("ends_at")), _connector="OR"),
                name="encounter_times",
            ),
        ),
        migrations.AddConstraint(
            model_name="encounter",
            constraint=models.CheckConstraint(
                condition=models.Q(("household", None), ("enterprise", None), _connector="OR"),
                name="encounter_household_or_enterprise",
            ),
        ),
        migrations.AddConstraint(
            model_name="actiondone",
            constraint=models.UniqueConstraint(fields=("action", "team"), name="action_done_once"),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("team", None), ("mandatory", False), _connector="OR"), name="action_own_is_no_must"
            ),
        ),
        migrations.AddConstraint(
            model_name="teamarea",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends", None)), fields=("campaign", "area"), name="team_area_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="teamarea",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends", None), ("starts__lte", models.F("ends")), _connector="OR"),
                name="team_area_dates",
            ),
        ),
        migrations.AddIndex(
            model_name="teammember",
            index=models.Index(fields=["user", "ends"], name="team_member_now"),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends", None)), fields=("campaign", "user"), name="team_member_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends", None), ("starts__lte", models.F("ends")), _connector="OR"),
                name="team_member_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("encounter", "number"), name="topic_number"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(("who", ""), models.Q(("result", ""), _negated=True), _connector="OR"),
                name="topic_taken_on_with_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("received__lte", models.F("size"))), name="upload_within_size"
            ),
        ),
        migrations.AddConstraint(
            model_name="piece",
            constraint=models.UniqueConstraint(fields=("upload", "start"), name="piece_start"),
        ),
        migrations.AddIndex(
            model_name="filled",
            index=models.Index(fields=["survey", "is_last"], name="filled_survey"),
        ),
        migrations.AddConstraint(
            model_name="filled",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("enterprise__isnull", True),
                        ("household__isnull", True),
                        ("resident__isnull", True),
                        ("village__isnull", False),
                    ),
                    models.Q(
                        ("enterprise__isnull", True),
                        ("household__isnull", False),
                        ("resident__isnull", True),
                        ("village__isnull", True),
                    ),
                    models.Q(
                        ("enterprise__isnull", True),
                        ("household__isnull", True),
                        ("resident__isnull", False),
                        ("village__isnull", True),
                    ),
                    models.Q(
                        ("enterprise__isnull", False),
                        ("household__isnull", True),
                        ("resident__isnull", True),
                        ("village__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="filled_about_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="filled",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_last", True), ("village__isnull", False)),
                fields=("survey", "village", "called"),
                name="filled_one_last_village",
            ),
        ),
        migrations.AddConstraint(
            model_name="filled",
            constraint=models.UniqueConstraint(
                condition=models.Q(("household__isnull", False), ("is_last", True)),
                fields=("survey", "household", "called"),
                name="filled_one_last_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="filled",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_last", True), ("resident__isnull", False)),
                fields=("survey", "resident", "called"),
                name="filled_one_last_resident",
            ),
        ),
        migrations.AddConstraint(
            model_name="filled",
            constraint=models.UniqueConstraint(
                condition=models.Q(("enterprise__isnull", False), ("is_last", True)),
                fields=("survey", "enterprise", "called"),
                name="filled_one_last_enterprise",
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["at"], name="change_at"),
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("enterprise__isnull", True),
                        ("household__isnull", True),
                        ("resident__isnull", True),
                        ("village__isnull", False),
                    ),
                    models.Q(
                        ("enterprise__isnull", True),
                        ("household__isnull", False),
                        ("resident__isnull", True),
                        ("village__isnull", True),
                    ),
                    models.Q(
                        ("enterprise__isnull", True),
                        ("household__isnull", True),
                        ("resident__isnull", False),
                        ("village__isnull", True),
                    ),
                    models.Q(
                        ("enterprise__isnull", False),
                        ("household__isnull", True),
                        ("resident__isnull", True),
                        ("village__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="change_about_one",
            ),
        ),
    ]
