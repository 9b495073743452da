/* type_text.c: texts, and texts with a form of their own: links, addresses, numbers of companies. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "platform/record/type_private.h"
#include "platform/text/text.h"

enum { TEXT_MAX = 200, LONG_TEXT_MAX = 20000, LINK_MAX = 2000, EMAIL_MAX = 254 };

static const char *const *as_text(const void *member) { return (const char *const *)member; }

static void put_text(void *member, const char *text) { *(const char **)member = text; }

const char *print_text(struct arena *arena, const struct field *field, const void *member)
{
    (void)arena, (void)field;
    return *as_text(member);
}

const char *show_text(struct record_context *context, const struct field *field, const void *member)
{
    (void)context, (void)field;
    return *as_text(member);
}

void clear_text(void *member) { put_text(member, NULL); }

void bind_text(const void *member, struct db_value *values) { *values = db_text(*as_text(member)); }

void load_text(struct arena *arena, const struct db_rows *rows, size_t column, void *member)
{
    put_text(member, arena_copy(arena, db_get_text(rows, column)));
}

static enum status too_long(struct record_context *context, const struct field *field, int64_t max, struct error *error)
{
    return error_field(error, STATUS_LIMIT, field->name, N_("The text is too long: {1} characters at most."),
                       language_number(context->arena, context->language, max, 0));
}

static enum status parse_text(struct record_context *context, const struct field *field, const char *text, void *member,
                              struct error *error)
{
    const int64_t usual = field->type == FIELD_MARKDOWN || field->text.several_lines ? LONG_TEXT_MAX : TEXT_MAX;
    const int64_t max = field->text.max ? field->text.max : usual;
    if ((int64_t)text_length(text) > max) return too_long(context, field, max, error);
    if (field->type == FIELD_TEXT && !field->text.several_lines && strchr(text, '\n'))
        return error_field(error, STATUS_INPUT, field->name, N_("This text holds on one line."));
    put_text(member, text);
    return STATUS_OK;
}

const struct type type_text =
    TEXT_TYPE("text", NULL, parse_text, show_text, .search = words_of_text, .schema = schema_text);
const struct type type_markdown = TEXT_TYPE("markdown", NULL, parse_text, show_text, .search = words_of_text);

static bool is_host(const char *text, size_t length)
{
    const char *dot = memchr(text, '.', length);
    if (!dot || dot == text || text[length - 1] == '.') return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("-.", text[i]) && !((unsigned char)text[i] & 0x80))
            return false;
    return true;
}

static enum status parse_link(struct record_context *context, const struct field *field, const char *text, void *member,
                              struct error *error)
{
    const bool schemed = strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0;
    const char *address = schemed ? text : arena_print(context->arena, "https://%s", text);
    const char *host = strstr(address, "://") + 3;
    const size_t length = strcspn(host, "/?#:");
    if (strlen(address) > LINK_MAX) return too_long(context, field, LINK_MAX, error);
    if (!length || !is_host(host, length) || strpbrk(address, " \t\n\"<>\\"))
        return error_field(error, STATUS_INPUT, field->name,
                           N_("“{1}” is not the address of a page: write it as https://www.example.fr."), text);
    put_text(member, address);
    return STATUS_OK;
}

const struct type type_link = TEXT_TYPE("link", "uri", parse_link, show_text, .search = words_of_text);

static enum status parse_email(struct record_context *context, const struct field *field, const char *text,
                               void *member, struct error *error)
{
    const char *at = strrchr(text, '@');
    if (strlen(text) > EMAIL_MAX) return too_long(context, field, EMAIL_MAX, error);
    if (!at || at == text || strpbrk(text, " \t\n\"<>,;:\\()[]") || !is_host(at + 1, strlen(at + 1)) ||
        memchr(text, '@', (size_t)(at - text)))
        return error_field(error, STATUS_INPUT, field->name,
                           N_("“{1}” is not an e-mail address: write it as name@example.fr."), text);
    put_text(member, text);
    return STATUS_OK;
}

const struct type type_email = TEXT_TYPE("email", "email", parse_email, show_text, .search = words_of_text);

/* Keeps digits and a leading +; 00 becomes +, a French national number gets +33. */
static const char *telephone_digits(struct arena *arena, const char *text)
{
    char *digits = arena_alloc(arena, strlen(text) + 4), *to = digits;
    for (const char *at = text; *at; at++)
        if (isdigit((unsigned char)*at) || (*at == '+' && to == digits)) *to++ = *at;
    if (strncmp(digits, "00", 2) == 0) return arena_print(arena, "+%s", digits + 2);
    if (*digits == '0' && strlen(digits) == 10) return arena_print(arena, "+33%s", digits + 1);
    return digits;
}

static enum status parse_telephone(struct record_context *context, const struct field *field, const char *text,
                                   void *member, struct error *error)
{
    const char *digits = telephone_digits(context->arena, text);
    const size_t length = strlen(digits);
    if (*digits != '+' || length < 9 || length > 16 || strpbrk(text, "\n@"))
        return error_field(error, STATUS_INPUT, field->name,
                           N_("“{1}” is not a telephone number: write it as 01 23 45 67 89 or +33 1 23 45 67 89."),
                           text);
    put_text(member, digits);
    return STATUS_OK;
}

static const char *show_telephone(struct record_context *context, const struct field *field, const void *member)
{
    (void)field;
    const char *d = *as_text(member);
    if (!d || strncmp(d, "+33", 3) != 0 || strlen(d) != 12) return d;
    return arena_print(context->arena, "0%c\u00a0%.2s\u00a0%.2s\u00a0%.2s\u00a0%.2s", d[3], d + 4, d + 6, d + 8,
                       d + 10);
}

const struct type type_telephone =
    TEXT_TYPE("telephone", NULL, parse_telephone, show_telephone, .search = words_of_text);

/* The Luhn sum (ISO/IEC 7812-1, annex B) of decimal digits. */
static int luhn_sum(const char *digits, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        const int digit = digits[length - 1 - i] - '0';
        const int twice = i % 2 ? digit * 2 : digit;
        sum += twice > 9 ? twice - 9 : twice;
    }
    return sum;
}

static bool all_digits(const char *text, size_t length)
{
    if (strlen(text) != length) return false;
    for (; *text; text++)
        if (!isdigit((unsigned char)*text)) return false;
    return true;
}

bool siren_valid(const char *siren) { return all_digits(siren, 9) && luhn_sum(siren, 9) % 10 == 0; }

bool siret_valid(const char *siret)
{
    static const char la_poste[] = "356000000";
    int plain = 0;
    if (!all_digits(siret, 14)) return false;
    if (luhn_sum(siret, 14) % 10 == 0) return true;
    for (const char *at = siret; *at; at++) plain += *at - '0';
    return strncmp(siret, la_poste, 9) == 0 && plain % 5 == 0;
}

static const char *digits_of(struct arena *arena, const char *text)
{
    char *digits = arena_alloc(arena, strlen(text) + 1), *to = digits;
    for (; *text; text++)
        if (isdigit((unsigned char)*text))
            *to++ = *text;
        else if (isalpha((unsigned char)*text))
            return "";
    return digits;
}

static enum status parse_siren(struct record_context *context, const struct field *field, const char *text,
                               void *member, struct error *error)
{
    const char *digits = digits_of(context->arena, text);
    if (strlen(digits) != 9)
        return error_field(error, STATUS_INPUT, field->name, N_("A SIREN has 9 digits: “{1}” does not."), text);
    if (!siren_valid(digits))
        return error_field(error, STATUS_INPUT, field->name, N_("The SIREN {1} is not valid: check its digits."), text);
    put_text(member, digits);
    return STATUS_OK;
}

static enum status parse_siret(struct record_context *context, const struct field *field, const char *text,
                               void *member, struct error *error)
{
    const char *digits = digits_of(context->arena, text);
    if (strlen(digits) != 14)
        return error_field(error, STATUS_INPUT, field->name, N_("A SIRET has 14 digits: “{1}” does not."), text);
    if (!siret_valid(digits))
        return error_field(error, STATUS_INPUT, field->name,
                           N_("The SIRET {1} is not valid: check the last group of digits."), text);
    put_text(member, digits);
    return STATUS_OK;
}

static const char *show_siren(struct record_context *context, const struct field *field, const void *member)
{
    (void)field;
    const char *d = *as_text(member);
    if (!d || strlen(d) < 9) return d;
    return arena_print(context->arena, "%.3s\u00a0%.3s\u00a0%.3s%s%s", d, d + 3, d + 6, d[9] ? "\u00a0" : "", d + 9);
}

const struct type type_siren =
    TEXT_TYPE("siren", NULL, parse_siren, show_siren, .search = words_of_text, .schema = schema_siren);
const struct type type_siret =
    TEXT_TYPE("siret", NULL, parse_siret, show_siren, .search = words_of_siret, .schema = schema_siret);

static enum status parse_choice(struct record_context *context, const struct field *field, const char *text,
                                void *member, struct error *error)
{
    const char *folded = text_fold(context->arena, text);
    for (const struct option *option = field->choice.options; option->value; option++) {
        const bool value = strcmp(option->value, text) == 0;
        const bool french =
            strcmp(folded, text_fold(context->arena, language_text(LANGUAGE_FRENCH, option->label))) == 0;
        if (!value && !french && strcmp(folded, text_fold(context->arena, option->label)) != 0) continue;
        put_text(member, option->value);
        return STATUS_OK;
    }
    return error_field(error, STATUS_INPUT, field->name, N_("“{1}” is not one of the choices."), text);
}

static const char *show_choice(struct record_context *context, const struct field *field, const void *member)
{
    const char *value = *as_text(member);
    for (const struct option *option = field->choice.options; value && option->value; option++)
        if (strcmp(option->value, value) == 0) return language_text(context->language, option->label);
    return value;
}

const struct type type_choice = TEXT_TYPE("choice", NULL, parse_choice, show_choice, .keys = keys_of_choice,
                                          .search = words_of_choice, .schema = schema_choice);
