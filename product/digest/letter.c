/* letter.c: the digest as a letter. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "platform/account/account.h"
#include "platform/mail/mail.h"
#include "product/application.h"
#include "product/digest/digest.h"

struct writing {
    const struct application *application;
    struct arena *arena;
    enum language language;
    struct buffer *out;
};

static const char *say(const struct writing *writing, const char *english, const char *first, const char *second)
{
    return language_print(writing->arena, writing->language, english, first, second, (const char *)NULL);
}

static void add_address(const struct writing *writing, const char *path)
{
    buffer_print(writing->out, "%s/%s%s\n", writing->application->origin, language_code(writing->language), path);
}

static void add_line(const struct writing *writing, const struct digest_line *line)
{
    buffer_print(writing->out, line->note ? "- %s (%s)\n  " : "- %s\n  ", line->title, line->note);
    add_address(writing, line->path);
}

static void add_section(const struct writing *writing, const struct digest_section *section)
{
    buffer_print(writing->out, "\n== %s ==\n\n", section->title);
    for (size_t i = 0; i < section->line_count; i++) add_line(writing, &section->lines[i]);
    const int64_t others = section->total - (int64_t)section->line_count;
    if (others <= 0) return;
    const bool least = section->total >= DIGEST_COUNTED;
    buffer_print(writing->out, "%s\n",
                 language_plural(writing->arena, writing->language, others, N_("and one more"),
                                 least ? N_("and at least {1} more") : N_("and {1} more")));
    if (section->more_path) {
        buffer_text(writing->out, "  ");
        add_address(writing, section->more_path);
    }
}

static void add_end(const struct writing *writing, int64_t period, const char *word)
{
    buffer_print(writing->out, "\n-- \n%s\n",
                 say(writing,
                     period == DIGEST_DAY
                         ? N_("You receive this letter at most once a day, when there is something to tell.")
                         : N_("You receive this letter at most once a week, when there is something to tell."),
                     NULL, NULL));
    buffer_print(writing->out, "%s ", say(writing, N_("More often, less often, or never:"), NULL, NULL));
    add_address(writing, arena_print(writing->arena, "/letters?key=%s", word));
}

enum status digest_letter(const struct application *application, struct arena *arena, const struct account *account,
                          const struct digest_wish *wish, const struct digest *digest, struct mail *mail,
                          struct error *error)
{
    const struct writing writing = {application, arena, account->language, buffer_new(arena, MAIL_TEXT_MOST)};
    const char *word = NULL, *site = application->mail.from_name;
    const enum status status = digest_word(arena, account->id, &word, error);
    if (status) return status;
    buffer_print(writing.out, "%s\n\n%s\n", say(&writing, N_("Hello {1},"), account->name, NULL),
                 say(&writing, N_("Here is what waits for you and what is new on {1}."), site, NULL));
    for (size_t i = 0; i < digest->count; i++) add_section(&writing, &digest->sections[i]);
    add_end(&writing, wish->period, word);
    *mail = (struct mail){.account = account->id,
                          .to = account->email,
                          .subject = say(&writing, N_("{1}: what waits for you, what is new"), site, NULL),
                          .text = buffer_data(writing.out),
                          .unsubscribe = arena_print(arena, "%s/letters/stop?key=%s", application->origin, word)};
    return STATUS_OK;
}
