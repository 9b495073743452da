/* sections.c: the site's words and what is behind each: the kinds that say so in their tables, then pages of their own. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "platform/saved/saved.h"
#include "product/kinds/kinds.h"
#include "product/pages/pages_private.h"

enum { ENTRIES_MOST = 48, PATH_BYTES = 80 };

struct entry {
    const char *section, *label, *text;
    char path[PATH_BYTES];
    bool only_door; /* on the section's page, not in the menu */
};

static const struct word {
    const char *label, *path, *summary;
} words[] = {
    {N_("Tell"), "/tell", N_("What you need, what you saw, what you know.")},
    {N_("Find"), "/find", N_("Who does what, where, and who needs what.")},
    {N_("Understand"), "/understand", N_("Figures that you can open, check and defend.")},
    {N_("My space"), "/space", NULL},
};
enum { WORDS = sizeof words / sizeof *words };

static const struct entry pages[] = {
    {"/tell", N_("Import a file of companies"),
     N_("Your list of members in CSV or XLSX: checked line by line before anything is kept."), "/organisations/import"},
    {"/tell", N_("Import a file of needs"), N_("Needs gathered elsewhere join the network’s without retyping."),
     "/needs/import", true},
    {"/find", N_("Deadlines"), N_("All that is to be done by a day: for your calendar too."), "/deadlines"},
    {"/understand", N_("Needs of the whole network"),
     N_("Where companies lack people, skills, technologies or partners; how it moves."), "/understand/figures"},
    {"/understand", N_("Needs that I may see"),
     N_("The needs that you may read, as they stand today, under any filter of their list."), "/understand/needs"},
    {"/understand", N_("Sources and methods"), N_("Where each figure comes from and what it is worth."), "/sources",
     true},
    {"/space", N_("My account"), NULL, "/account"},
    {"/space", N_("My data"), NULL, "/account/data"},
    {"/space", N_("My searches"), NULL, SAVED_PATH},
    {"/space", N_("Work in the background"), NULL, "/space/jobs"},
};

/* Made once, before requests. */
static struct entry all[ENTRIES_MOST];
static size_t count;
static struct page_entry menus[WORDS][ENTRIES_MOST + 1];
static struct page_section sections[WORDS + 1];

static void add(const char *section, const char *label, const char *text, const char *path, const char *end)
{
    ENSURE(count < ENTRIES_MOST);
    all[count] = (struct entry){.section = section, .label = label, .text = text};
    ENSURE((size_t)snprintf(all[count].path, PATH_BYTES, "%s%s", path, end) < PATH_BYTES);
    count++;
}

static void add_kinds(void)
{
    for (const struct kind *const *kind = product_kinds; *kind; kind++) {
        if ((*kind)->section) add((*kind)->section, (*kind)->plural, (*kind)->summary, (*kind)->path, "");
        if ((*kind)->invitation) add("/tell", (*kind)->filing, (*kind)->invitation, (*kind)->path, "/new");
    }
}

void sections_start(const char *name)
{
    count = 0;
    add_kinds();
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        ENSURE(count < ENTRIES_MOST);
        all[count++] = pages[i];
    }
    for (size_t i = 0; i < WORDS; i++) {
        size_t length = 0;
        for (size_t j = 0; j < count; j++)
            if (strcmp(all[j].section, words[i].path) == 0 && !all[j].only_door)
                menus[i][length++] = (struct page_entry){all[j].label, all[j].path};
        menus[i][length] = (struct page_entry){NULL, NULL};
        sections[i] = (struct page_section){words[i].label, words[i].path, menus[i]};
    }
    page_set_sections(name, sections);
}

static const struct word *word_of(const char *path)
{
    for (size_t i = 0; i < WORDS; i++)
        if (strcmp(words[i].path, path) == 0) return &words[i];
    fatal("a section has no word");
}

enum status page_section(const struct http_request *request, struct http_response *response, struct error *error)
{
    struct html html = page_begin(request);
    const struct word *word = word_of(request->path);
    struct part_door doors[ENTRIES_MOST];
    struct part_doors part = {.doors = doors};
    (void)error;
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].section, word->path) == 0)
            doors[part.door_count++] = (struct part_door){say(request, all[i].label), say(request, all[i].text),
                                                          http_url(request, all[i].path)};
    const struct part_head head = {.title = say(request, word->label), .summary = say(request, word->summary)};
    template_part_head(&html, &head);
    template_part_doors(&html, &part);
    return page_end(request, response, &html, head.title, word->path, false);
}
