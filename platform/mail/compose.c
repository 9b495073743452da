/* compose.c: a letter as RFC 5322 has it. */
#include <sodium.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/time.h"
#include "platform/mail/mail.h"
#include "platform/text/text.h"

enum {
    ADDRESS_MOST = 254,
    LINE_MOST = 76,  /* of quoted-printable (RFC 2045) */
    WORD_BYTES = 42, /* of text in an encoded word: 56 characters of base64, within 75 with its marks (RFC 2047) */
    MESSAGE_LIMIT = 4 * MAIL_TEXT_MOST
};

bool mail_address_valid(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    if (!at || at == address || !at[1] || strchr(at + 1, '@') || strlen(address) > ADDRESS_MOST) return false;
    for (const char *c = address; *c; c++)
        if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr("<>()[],;:\\\"", *c)) return false;
    return at[1] != '.' && at[strlen(at) - 1] != '.' && !strstr(at, "..");
}

static bool is_plain(const char *text)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c > '~' || strchr("=?\"<>,", *c)) return false;
    return strlen(text) < LINE_MOST - 16;
}

/* Bytes of the text, at most WORD_BYTES, that end between two characters. */
static size_t word_length(const char *text)
{
    size_t length = strlen(text);
    if (length <= WORD_BYTES) return length;
    for (length = WORD_BYTES; ((unsigned char)text[length] & 0xC0) == 0x80;) length--;
    return length;
}

/* Text of a header: as it is when it is plain, else in encoded words on lines of their own. */
static void add_header_text(struct buffer *out, const char *text)
{
    if (is_plain(text)) {
        buffer_text(out, text);
        return;
    }
    for (const char *at = text; *at;) {
        char word[sodium_base64_ENCODED_LEN(WORD_BYTES, sodium_base64_VARIANT_ORIGINAL)];
        const size_t length = word_length(at);
        sodium_bin2base64(word, sizeof word, (const unsigned char *)at, length, sodium_base64_VARIANT_ORIGINAL);
        buffer_print(out, "%s=?UTF-8?B?%s?=", at == text ? "" : "\r\n ", word);
        at += length;
    }
}

static void add_date(struct buffer *out, int64_t moment)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int64_t day = time_day(moment), seconds = (moment - day * MS_PER_DAY) / MS_PER_SECOND;
    const struct civil date = day_to_civil(day);
    buffer_print(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0000\r\n", days[day % 7], date.day, months[date.month - 1],
                 date.year, (int)(seconds / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

/* One byte of the body takes one place or three; a space at the end of a line would be lost. */
static bool stands_as_it_is(const char *at)
{
    const unsigned char c = (unsigned char)*at;
    if (c == ' ' || c == '\t') return at[1] && at[1] != '\n';
    return c > ' ' && c <= '~' && c != '=';
}

static void add_body(struct buffer *out, const char *text)
{
    size_t column = 0;
    for (const char *at = text; *at; at++) {
        if (*at == '\r') continue;
        if (*at == '\n') {
            buffer_text(out, "\r\n");
            column = 0;
            continue;
        }
        const size_t width = stands_as_it_is(at) && !(*at == '.' && column == 0) ? 1 : 3;
        if (column + width > LINE_MOST - 1) {
            buffer_text(out, "=\r\n");
            column = 0;
        }
        if (width == 1)
            buffer_char(out, *at);
        else
            buffer_print(out, "=%02X", (unsigned char)*at);
        column += width;
    }
    if (column) buffer_text(out, "\r\n");
}

static bool has_line_end(const char *text) { return text && strpbrk(text, "\r\n"); }

static enum status check(const struct mail_settings *settings, const struct mail *mail, struct error *error)
{
    if (!mail_address_valid(settings->from) || has_line_end(settings->from_name))
        return error_field(error, STATUS_INPUT, "from", N_("“{1}” is not an e-mail address."),
                           settings->from ? settings->from : "");
    if (!mail_address_valid(mail->to))
        return error_field(error, STATUS_INPUT, "to", N_("“{1}” is not an e-mail address."), mail->to ? mail->to : "");
    if (!mail->subject || !*mail->subject || has_line_end(mail->subject) ||
        !text_valid(mail->subject, strlen(mail->subject)) || text_length(mail->subject) > MAIL_SUBJECT_MOST)
        return error_field(error, STATUS_INPUT, "subject",
                           N_("The subject of a letter is one line of at most {1} characters."), "200");
    if (!mail->text || strlen(mail->text) > MAIL_TEXT_MOST || !text_valid(mail->text, strlen(mail->text)))
        return error_field(error, STATUS_INPUT, "text", N_("The text of the letter is too long, or not valid UTF-8."));
    if (has_line_end(mail->unsubscribe))
        return error_field(error, STATUS_INPUT, "unsubscribe", N_("The address of a link is one line."));
    return STATUS_OK;
}

static void add_headers(struct buffer *out, const struct mail_settings *settings, const struct mail *mail)
{
    add_date(out, mail->moment);
    buffer_text(out, "From: ");
    if (settings->from_name) {
        add_header_text(out, settings->from_name);
        buffer_char(out, ' ');
    }
    buffer_print(out, "<%s>\r\nTo: <%s>\r\nSubject: ", settings->from, mail->to);
    add_header_text(out, mail->subject);
    buffer_print(out, "\r\nMessage-ID: <%lld%s>\r\n", (long long)mail->id, strchr(settings->from, '@'));
    buffer_text(out, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: quoted-printable\r\nAuto-Submitted: auto-generated\r\n");
    if (mail->unsubscribe)
        buffer_print(out, "List-Unsubscribe: <%s>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
                     mail->unsubscribe);
    buffer_text(out, "\r\n");
}

enum status mail_compose(struct arena *arena, const struct mail_settings *settings, const struct mail *mail,
                         const char **message, struct error *error)
{
    struct buffer *out = buffer_new(arena, MESSAGE_LIMIT);
    const enum status status = check(settings, mail, error);
    if (status) return status;
    add_headers(out, settings, mail);
    add_body(out, mail->text);
    if (buffer_overflowed(out))
        return error_field(error, STATUS_INPUT, "text", N_("The text of the letter is too long, or not valid UTF-8."));
    *message = buffer_data(out);
    return STATUS_OK;
}
