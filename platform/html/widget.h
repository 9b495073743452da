/* widget.h: the fields of a form, drawn from plain descriptions. They know nothing of kinds: the record room, a survey or a hand-written
 * page says what is asked and what was answered, and gets valid, accessible HTML: a label for each field, help and error tied to it by
 * aria-describedby, figures with their unit, groups in a <fieldset>. All of it works without script.
 *
 * What the browser sends back, by type (NAME is the widget's name; values are as typed, to be parsed and, when refused, drawn again):
 *   text, lines, link, e-mail, telephone, password, number, money, select, radios: NAME=value
 *   checkboxes: NAME=value for each; checkbox, yes/no: NAME=1 (yes/no: NAME=0 as well)
 *   date: NAME=2026-11-22 (or what was typed); period: NAME=..., NAME.until=...
 *   moment: NAME=2026-11-22T14:30, the hour of Paris (or what was typed)
 *   picker: NAME=value for each chosen; NAME.query=what was typed; pick=NAME when its button « Search » was used: find the
 *           words, and draw the form again with what was found among the choices (chosen = false)
 *   place: as a picker for the commune; NAME.latitude, NAME.longitude
 *   file: NAME (multipart); NAME.remove=1 to take the present one away; NAME.kept as it was given */
#ifndef PLATFORM_HTML_WIDGET_H
#define PLATFORM_HTML_WIDGET_H

#include "platform/html/html.h"

enum widget_type {
    WIDGET_TEXT,
    WIDGET_LINES,
    WIDGET_LINK,
    WIDGET_EMAIL,
    WIDGET_TELEPHONE,
    WIDGET_PASSWORD,
    WIDGET_NUMBER,
    WIDGET_MONEY,
    WIDGET_DATE,
    WIDGET_PERIOD,
    WIDGET_MOMENT,
    WIDGET_SELECT,
    WIDGET_RADIOS,
    WIDGET_CHECKBOXES,
    WIDGET_CHECKBOX,
    WIDGET_YESNO,
    WIDGET_PICKER,
    WIDGET_PLACE,
    WIDGET_FILE,
    WIDGET_HIDDEN,
    WIDGET_TYPES
};

/* One choice of a select, of radios, of checkboxes or of a picker. */
struct widget_choice {
    const char *value;
    const char *label; /* translated */
    const char *hint;  /* a line beneath, or NULL */
    bool chosen;
};

/* All texts are translated already. Absent texts are NULL. */
struct widget {
    enum widget_type type;
    const char *name; /* of the parameter; the element's id is "f-" and the name (see widget_id) */
    const char *label;
    const char *help;
    const char *error;                   /* what is wrong with the answer, and what to do */
    const char *value;                   /* as typed, or as printed */
    const char *until;                   /* period: the second date */
    const char *latitude, *longitude;    /* place: decimal degrees, as typed */
    bool required;                       /* others are marked « optional » */
    bool question;                       /* the label is the heading of the page: one thing per page */
    bool narrow;                         /* the answer is short: years, codes */
    int64_t most;                        /* text, lines: characters; 0: no limit shown */
    const char *unit;                    /* number: shown after it */
    const char *autocomplete;            /* a token of the HTML standard: "organization", "email" */
    const struct widget_choice *choices; /* picker: those chosen, then those found */
    size_t choice_count;
    bool several;      /* picker: more than one may be chosen */
    const char *query; /* picker: what was typed */
    bool searched;     /* picker: the choices that are not chosen are what was found (perhaps nothing) */
    const char *
        suggest; /* picker: address that gives {"items": [{"code" or "id", "label", "hint"}]} for ?q=words, used by the script */
    const char *media_types;          /* file: "application/pdf,image/png" */
    int64_t largest;                  /* file: bytes; 0: not said */
    const char *file_name, *file_url; /* file: the present one */
    int64_t file_size;
    const char *file_kept; /* file: it came with a form that could not be saved: sent back as NAME.kept; NULL: none */
    bool file_removed;     /* file: the box that takes it away is ticked */
};

/* Drawn by template_widget (see templates.h); in a template: {{> widget view.field}} or {{> widget field}}. */

/* The id of the field that an error summary leads to: "f-" and the name. In the arena. */
const char *widget_id(struct arena *arena, const char *name);

/* A whole form: errors first, then the fields in their groups, then the button. In a template: {{> form view.form}}. */
struct form_group {
    const char *title; /* NULL: none */
    const char *help;
    const struct widget *fields;
    size_t field_count;
};

struct form {
    const char *action;     /* address to post to */
    const char *submit;     /* "File the need" */
    const char *second;     /* another button, "Save as a draft", sent as second=1; NULL: none */
    const char *cancel_url; /* NULL: none */
    const char *note;       /* above the button: what happens next, who will see it */
    bool multipart;         /* has a file */
    bool mark_optional;     /* says at the head that all is required but what is marked */
    int64_t version;        /* of the record that is edited, sent as version; 0: not sent */
    const struct form_group *groups;
    size_t group_count;
};

#endif
