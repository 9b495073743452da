#include "product/command/settings.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/config.h"
#include "platform/client/client.h"

static const struct settings defaults = {
    .db = "var/maillage.db",
    .listen = "127.0.0.1:8080",
    .name = "Maillage",
    .outlines = "build/reference/france-outlines.csv",
    .licence = "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    .sirene = {.address = "https://api.insee.fr/api-sirene/3.11", .filter = "active,employer"},
    .requests = 3000,
    .account_requests = 1200,
    .guesses = 10,
    .connections = 4096,
    .workers = 4,
    .idle = 30,
};

void settings_table(struct settings *settings, struct option_row rows[SETTINGS_ROWS])
{
    struct settings *s = settings;
    *s = defaults;
    const struct option_row table[] = {
        {"config", "FILE", "settings in a file: see `maillage config`", OPTION_FILE, false, &s->config, NULL},
        {"db", "ADDRESS", "database: a file, or postgresql://...", OPTION_TEXT, false, &s->db, "Database"},
        {"db-file", "FILE", "file that holds the address instead, since it has a password", OPTION_TEXT, false,
         &s->db_file, NULL},
        {"listen", "ADDRESS:PORT", "where to serve", OPTION_TEXT, false, &s->listen, "Network"},
        {"origin", "URL", "address under which people know the site: https://maillage.example", OPTION_TEXT, false,
         &s->origin, NULL},
        {"proxy", "ADDRESS", "a proxy that is believed; once for each", OPTION_LIST, false, &s->proxies, NULL},
        {"certificate", "FILE", "certificate, PEM: serves TLS without a proxy", OPTION_TEXT, false, &s->certificate,
         NULL},
        {"key", "FILE", "its key, PEM", OPTION_TEXT, false, &s->key, NULL},
        {"metrics", "ADDRESS:PORT", "where to serve /metrics: an address that the public does not reach", OPTION_TEXT,
         false, &s->metrics, NULL},
        {"secret-file", "FILE", "32 characters or more that sign what forms carry, so that a restart disturbs nobody",
         OPTION_TEXT, false, &s->secret_file, NULL},
        {"account-key", "FILE",
         "key under which the secrets of two-step sign-in are kept, made at first use: beside an "
         "SQLite file, else var/account-key",
         OPTION_TEXT, false, &s->account_key, "Accounts"},
        {"administrators-two-steps", NULL, "administrators have their rights with two-step sign-in only", OPTION_FLAG,
         false, &s->strict, NULL},
        {"name", "NAME", "name of the site", OPTION_TEXT, false, &s->name, "What people see"},
        {"contact", "TEXT", "who answers for the site: name, address, e-mail (legal notice)", OPTION_TEXT, false,
         &s->contact, NULL},
        {"director", "TEXT", "who directs the publication (legal notice)", OPTION_TEXT, false, &s->director, NULL},
        {"host", "TEXT", "who hosts the site: name, address, telephone (legal notice)", OPTION_TEXT, false, &s->host,
         NULL},
        {"protection", "TEXT", "data protection officer, or who answers about personal data", OPTION_TEXT, false,
         &s->protection, NULL},
        {"theme", "FILE", "a style sheet over the site's", OPTION_TEXT, false, &s->theme, NULL},
        {"header", "FILE", "a fragment of HTML above each page", OPTION_TEXT, false, &s->header, NULL},
        {"tiles", "URL", "map tiles: https://tile.example/{z}/{x}/{y}.png", OPTION_TEXT, false, &s->tiles, NULL},
        {"tiles-credit", "TEXT", "whom maps made of these tiles must name", OPTION_TEXT, false, &s->tiles_credit, NULL},
        {"outlines", "FILE", "outlines of France for maps", OPTION_TEXT, false, &s->outlines, NULL},
        {"publisher", "NAME", "who publishes the data, when it is not the site's name", OPTION_TEXT, false,
         &s->publisher, "Open data"},
        {"licence", "URL", "licence of what is public, or `none`", OPTION_TEXT, false, &s->licence, NULL},
        {"spatial", "URL", "territory that the data are about, as the EU's tables or GeoNames name it: else France",
         OPTION_TEXT, false, &s->spatial, NULL},
        {"mail-server", "URL", "smtp://host:587 or smtps://host:465; without it, letters wait", OPTION_TEXT, false,
         &s->mail.server, "Letters"},
        {"mail-user", "NAME", "name at that server", OPTION_TEXT, false, &s->mail.user, NULL},
        {"mail-password-file", "FILE", "file that holds its password", OPTION_TEXT, false, &s->mail_password_file,
         NULL},
        {"mail-from", "ADDRESS", "address from which letters come", OPTION_TEXT, false, &s->mail.from, NULL},
        {"mail-authorities", "FILE", "certificates that vouch for the server, PEM: else the system's", OPTION_TEXT,
         false, &s->mail.authorities, NULL},
        {"mail-without-tls", NULL, "do not ask for TLS: for a server on this machine", OPTION_FLAG, false,
         &s->mail.without_tls, NULL},
        {"handover", "SERVICE", "where needs may be handed over: KEY https://ADDRESS PAGE TOKEN-FILE; once for each",
         OPTION_LIST, false, &s->handovers, "Other services"},
        {"sirene-key-file", "FILE", "file that holds your key of the API Sirene: changes are then fetched each night",
         OPTION_TEXT, false, &s->sirene_key_file, NULL},
        {"sirene-filter", "WORDS", "which new companies are added: naf=C,place=R32,active,employer", OPTION_TEXT, false,
         &s->sirene.filter, NULL},
        {"sirene-address", "URL", "address of that API", OPTION_TEXT, false, &s->sirene.address, NULL},
        {"sirene-private", NULL, "it may be a private address, without TLS: for trials", OPTION_FLAG, false,
         &s->sirene.private, NULL},
        {"requests", "NUMBER", "requests a minute from one address", OPTION_NUMBER, false, &s->requests, "Limits"},
        {"account-requests", "NUMBER", "requests a minute of one account", OPTION_NUMBER, false, &s->account_requests,
         NULL},
        {"guesses", "NUMBER", "passwords tried a minute from one address", OPTION_NUMBER, false, &s->guesses, NULL},
        {"connections", "NUMBER", "open connections", OPTION_NUMBER, false, &s->connections, NULL},
        {"workers", "NUMBER", "long requests at a time", OPTION_NUMBER, false, &s->workers, NULL},
        {"idle", "SECONDS", "a silent connection is closed after", OPTION_NUMBER, false, &s->idle, NULL},
        {"unlimited", NULL, "no limit on requests: for measuring", OPTION_FLAG, false, &s->unlimited, NULL},
        {"quiet", NULL, "log warnings only", OPTION_FLAG, false, &s->quiet, NULL},
        {.target = NULL},
    };
    _Static_assert(sizeof table / sizeof *table <= SETTINGS_ROWS, "SETTINGS_ROWS");
    memcpy(rows, table, sizeof table);
}

/* A password may not stand among the settings, which more people read than secrets. */
static enum status check_db(const struct settings *settings, struct error *error)
{
    const char *host = strstr(settings->db, "://"), *at = host ? strchr(host, '@') : NULL;
    const char *colon = host ? strchr(host + 3, ':') : NULL;
    if (strstr(settings->db, "password=") || (at && colon && colon < at))
        return error_field(error, STATUS_INPUT, "db",
                           "The address holds a password: keep it in a file, and name that file with db-file.");
    return STATUS_OK;
}

static enum status check_number(const char *name, int64_t number, struct error *error)
{
    return number >= 1 && number <= 1000000
               ? STATUS_OK
               : error_field(error, STATUS_INPUT, name, "Write a number from 1 to 1,000,000.");
}

static enum status check_numbers(const struct settings *settings, struct error *error)
{
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {{"requests", settings->requests}, {"account-requests", settings->account_requests},
                   {"guesses", settings->guesses},   {"connections", settings->connections},
                   {"workers", settings->workers},   {"idle", settings->idle}};
    enum status status = STATUS_OK;
    for (size_t i = 0; !status && i < sizeof numbers / sizeof *numbers; i++)
        status = check_number(numbers[i].name, numbers[i].value, error);
    return status;
}

static enum status read_secrets(struct arena *arena, struct settings *settings, struct error *error)
{
    const char *secret = NULL;
    enum status status = settings->db_file ? config_secret(arena, settings->db_file, &settings->db, error) : STATUS_OK;
    if (status || !settings->secret_file) return status;
    status = config_secret(arena, settings->secret_file, &secret, error);
    if (!status && strlen(secret) < 32)
        return error_field(error, STATUS_INPUT, "secret-file", "The secret is too short: 32 characters or more.");
    if (!status)
        crypto_generichash(settings->secret, sizeof settings->secret, (const unsigned char *)secret, strlen(secret),
                           NULL, 0);
    return status;
}

static enum status read_mail(struct arena *arena, struct settings *settings, struct error *error)
{
    struct mail_settings *mail = &settings->mail;
    mail->from_name = settings->name;
    if (!mail->server) return STATUS_OK;
    if (strncmp(mail->server, "smtp://", 7) != 0 && strncmp(mail->server, "smtps://", 8) != 0)
        return error_field(error, STATUS_INPUT, "mail-server", "Write smtp://host:587 or smtps://host:465, not {1}.",
                           mail->server);
    if (strchr(mail->server, '@'))
        return error_field(error, STATUS_INPUT, "mail-server",
                           "The name goes into mail-user, the password into a file.");
    if (!mail_address_valid(mail->from))
        return error_field(error, STATUS_INPUT, "mail-from", "Say from which address letters come.");
    return settings->mail_password_file ? config_secret(arena, settings->mail_password_file, &mail->password, error)
                                        : STATUS_OK;
}

/* The origin of an address that has tile numbers in it. */
static enum status read_tiles(struct arena *arena, struct settings *settings, struct error *error)
{
    const char *tiles = settings->tiles;
    if (!tiles) return STATUS_OK;
    if (strncmp(tiles, "https://", 8) != 0 || !strstr(tiles, "{z}") || !strstr(tiles, "{x}") || !strstr(tiles, "{y}"))
        return error_field(error, STATUS_INPUT, "tiles", "Write https://tile.example/{z}/{x}/{y}.png, not {1}.", tiles);
    if (!settings->tiles_credit)
        return error_field(error, STATUS_INPUT, "tiles-credit", "Say whom maps made of these tiles must name.");
    settings->tiles_origin = arena_copy_bytes(arena, tiles, 8 + strcspn(tiles + 8, "/"));
    return STATUS_OK;
}

static enum status read_sirene(struct arena *arena, struct settings *settings, struct error *error)
{
    if (!settings->sirene_key_file) return STATUS_OK;
    if (!client_address_valid(settings->sirene.address, settings->sirene.private))
        return error_field(error, STATUS_INPUT, "sirene-address", "Write https://…, not {1}.",
                           settings->sirene.address);
    return config_secret(arena, settings->sirene_key_file, &settings->sirene.key, error);
}

/* What the catalogue of open data says; the e-mail address is the one among the words of `contact`. */
static enum status read_publication(struct arena *arena, struct settings *settings, struct error *error)
{
    const char *const urls[][2] = {{"licence", settings->licence}, {"spatial", settings->spatial}};
    if (settings->licence && strcmp(settings->licence, "none") == 0) settings->licence = NULL;
    for (size_t i = 0; i < 2; i++)
        if (urls[i][1] && strcmp(urls[i][1], "none") != 0 && strncmp(urls[i][1], "http", 4) != 0)
            return error_field(error, STATUS_INPUT, urls[i][0], "Write an address: https://…, not {1}.", urls[i][1]);
    for (const char *at = settings->contact; at && *at;) {
        const size_t length = strcspn(at, " ,;<>()");
        const char *word = arena_copy_bytes(arena, at, length);
        if (!settings->data_email && mail_address_valid(word)) settings->data_email = word;
        at += length + (at[length] != 0);
    }
    return STATUS_OK;
}

/* The words of the command line are read again over the file, since they win. */
static enum status read_all(struct arena *arena, int argc, char **argv, const struct option_row *rows,
                            struct settings *settings, struct error *error)
{
    enum status status = STATUS_OK;
    if (settings->config) {
        settings->db = defaults.db;
        status = config_load(arena, settings->config, rows, error);
        if (!status) status = check_db(settings, error);
        if (!status) status = options_read(argc, argv, rows, error);
    }
    if (!status) status = check_numbers(settings, error);
    if (!status) status = read_secrets(arena, settings, error);
    if (!status) status = read_mail(arena, settings, error);
    if (!status) status = read_publication(arena, settings, error);
    if (!status) status = read_sirene(arena, settings, error);
    return status ? status : read_tiles(arena, settings, error);
}

int settings_start(struct arena *arena, const struct command *command, int argc, char **argv,
                   const struct option_row *own, struct settings *settings)
{
    struct option_row rows[SETTINGS_ROWS];
    struct error error = {0};
    size_t count = 0;
    settings_table(settings, rows);
    while (rows[count].target) count++;
    if (own) {
        rows[count++] = *own;
        rows[count] = (struct option_row){.target = NULL};
    }
    const int code = options_start(command, argc, argv, rows);
    if (code >= 0) return code;
    const enum status status = read_all(arena, argc, argv, rows, settings, &error);
    return status ? options_end(status, &error) : -1;
}
