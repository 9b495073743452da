/* rgaa.c: the grid of the RGAA 4.1: its 106 criteria in our words, and how each was looked at. */
#include "product/pages/rgaa.h"

#define SEEN RGAA_SEEN
#define OPEN RGAA_OPEN
#define NONE RGAA_NONE

static const struct rgaa_criterion theme_1[] = {
    {SEEN, N_("An image that informs has a text in its place")},
    {SEEN, N_("An image that only decorates is passed over by assistive technologies")},
    {OPEN, N_("The text in place of an image says what the image says")},
    {NONE, N_("A test by image says what it is for")},
    {NONE, N_("A test by image can be passed in another way")},
    {OPEN, N_("An image that needs it has a detailed description: charts and maps have their table")},
    {OPEN, N_("The detailed description says what the image says")},
    {OPEN, N_("Texts are texts, not images of text")},
    {OPEN, N_("A caption is tied to its image")},
};

static const struct rgaa_criterion theme_2[] = {
    {NONE, N_("A frame has a title")},
    {NONE, N_("The title of a frame is right")},
};

static const struct rgaa_criterion theme_3[] = {
    {OPEN, N_("No information is given by colour alone")},
    {SEEN, N_("Texts stand out enough from what is behind")},
    {OPEN, N_("Fields, buttons and parts of charts stand out enough")},
};

static const struct rgaa_criterion theme_4[] = {
    {NONE, N_("Recorded sound or video has a transcript or an audio description")},
    {NONE, N_("These say what the recording says")},
    {NONE, N_("A recording has synchronised captions")},
    {NONE, N_("The captions are right")},
    {NONE, N_("A recording has a synchronised audio description")},
    {NONE, N_("The audio description is right")},
    {NONE, N_("Each recording is easily told from the rest")},
    {OPEN, N_("What moves or is handled, such as a map, has an alternative: the list of the same records")},
    {OPEN, N_("That alternative gives the same")},
    {NONE, N_("A sound that starts by itself can be stopped")},
    {NONE, N_("A recording is handled by keyboard and by pointer")},
    {OPEN, N_("What is handled, such as a map, is so by keyboard and by pointer")},
    {OPEN, N_("Such media work with assistive technologies")},
};

static const struct rgaa_criterion theme_5[] = {
    {OPEN, N_("A complex table has a summary")},
    {OPEN, N_("The summary is right")},
    {NONE, N_("A table used for layout reads well line by line")},
    {OPEN, N_("A table of data has a title tied to it")},
    {OPEN, N_("The title of a table is right")},
    {SEEN, N_("The heads of columns and rows are marked as such")},
    {SEEN, N_("Each cell is tied to its heads")},
    {NONE, N_("A table used for layout has no marks of data")},
};

static const struct rgaa_criterion theme_6[] = {
    {OPEN, N_("Each link says where it leads")},
    {SEEN, N_("Each link has a name")},
};

static const struct rgaa_criterion theme_7[] = {
    {OPEN, N_("Scripts work with assistive technologies")},
    {OPEN, N_("What stands in place of a script is right: all pages work without")},
    {OPEN, N_("Scripts are handled by keyboard and by pointer")},
    {OPEN, N_("A change of context is announced, or asked for")},
    {OPEN, N_("Messages of state are told to assistive technologies")},
};

static const struct rgaa_criterion theme_8[] = {
    {OPEN, N_("Each page says its type of document")},
    {OPEN, N_("The source of each page is valid")},
    {SEEN, N_("Each page says its language")},
    {SEEN, N_("That language is the right one")},
    {SEEN, N_("Each page has a title")},
    {OPEN, N_("The title of a page is right")},
    {OPEN, N_("Words in another language are marked")},
    {OPEN, N_("The mark names that language")},
    {OPEN, N_("No mark is used for its looks alone")},
    {NONE, N_("Changes of direction of reading are marked")},
};

static const struct rgaa_criterion theme_9[] = {
    {SEEN, N_("Titles give the page its structure")},
    {SEEN, N_("Head, menus, content and foot are marked as such")},
    {SEEN, N_("Lists are marked as lists")},
    {NONE, N_("Quotations are marked as such")},
};

static const struct rgaa_criterion theme_10[] = {
    {OPEN, N_("Style sheets alone give the looks")},
    {OPEN, N_("What is seen is still there without style sheets")},
    {OPEN, N_("The page is understood without style sheets")},
    {OPEN, N_("Texts are read at twice their size")},
    {OPEN, N_("Colours of text and of what is behind are said together")},
    {SEEN, N_("Links are told from the text around them")},
    {OPEN, N_("One sees where the keyboard is")},
    {OPEN, N_("What is hidden is meant to be so for assistive technologies")},
    {OPEN, N_("No information is given by shape, size or place alone")},
    {OPEN, N_("What is given in that way is given rightly")},
    {SEEN, N_("Pages need no scrolling sideways at 320 pixels")},
    {OPEN, N_("Spaces between lines and letters can be widened")},
    {OPEN, N_("What appears at hover or focus can be closed and reached")},
    {OPEN, N_("What styles alone show is shown by the keyboard too")},
};

static const struct rgaa_criterion theme_11[] = {
    {SEEN, N_("Each field has a label")},
    {OPEN, N_("Each label is right")},
    {OPEN, N_("Labels are the same wherever the field is")},
    {OPEN, N_("The label stands beside its field")},
    {OPEN, N_("Fields of one kind are grouped")},
    {OPEN, N_("Each group has a legend")},
    {OPEN, N_("Each legend is right")},
    {NONE, N_("Choices of one kind in a list are grouped")},
    {OPEN, N_("Each button says what it does")},
    {OPEN, N_("What is required and what is wrong is said, tied to the field")},
    {OPEN, N_("What is wrong comes with what to do")},
    {OPEN, N_("What binds a person can be changed, checked or undone")},
    {OPEN, N_("Fields about a person say so to the browser")},
};

static const struct rgaa_criterion theme_12[] = {
    {OPEN, N_("There are two ways to move about: menus and search")},
    {OPEN, N_("Menus stand at the same place on each page")},
    {NONE, N_("The map of the site is right")},
    {NONE, N_("The map of the site is reached from each page")},
    {OPEN, N_("Search is reached from each page in the same way")},
    {SEEN, N_("Head, menus, content and foot can be reached or passed over")},
    {SEEN, N_("A link leads straight to the content")},
    {OPEN, N_("The keyboard’s order makes sense")},
    {OPEN, N_("The keyboard is never trapped")},
    {NONE, N_("Shortcuts of one key can be turned off")},
    {OPEN, N_("What appears is reached by keyboard")},
};

static const struct rgaa_criterion theme_13[] = {
    {OPEN, N_("Limits of time can be lengthened: sessions last hours and forms are kept")},
    {OPEN, N_("No window opens by itself")},
    {OPEN, N_("Documents to download have an accessible form")},
    {OPEN, N_("That form says the same")},
    {NONE, N_("Drawings made of letters have an alternative")},
    {NONE, N_("That alternative is right")},
    {OPEN, N_("Nothing flashes")},
    {OPEN, N_("What moves can be stopped")},
    {OPEN, N_("Pages are read upright and sideways")},
    {OPEN, N_("What takes several fingers can be done with one")},
    {OPEN, N_("A press can be taken back")},
    {NONE, N_("What is done by moving the device can be done otherwise")},
};

#define THEME(title_, rows_) \
    { \
        title_, rows_, sizeof(rows_) / sizeof *(rows_) \
    }

const struct rgaa_theme rgaa_themes[RGAA_THEMES] = {
    THEME(N_("Images"), theme_1),    THEME(N_("Frames"), theme_2),
    THEME(N_("Colours"), theme_3),   THEME(N_("Multimedia"), theme_4),
    THEME(N_("Tables"), theme_5),    THEME(N_("Links"), theme_6),
    THEME(N_("Scripts"), theme_7),   THEME(N_("What each page must have"), theme_8),
    THEME(N_("Structure"), theme_9), THEME(N_("Presentation"), theme_10),
    THEME(N_("Forms"), theme_11),    THEME(N_("Moving about"), theme_12),
    THEME(N_("Reading"), theme_13),
};
