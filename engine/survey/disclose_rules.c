/* disclose_rules.c: which cells are sensitive, and how much doubt must be left around them. */
#include <math.h>

#include "engine/survey/disclose_private.h"

struct disclose_rules disclose_rules_default(void)
{
    return (struct disclose_rules){.minimum = 3, .dominance = 85, .margin = 10};
}

struct disclose_options disclose_options_default(void)
{
    return (struct disclose_options){
        .rules = disclose_rules_default(), .method = DISCLOSE_FAST, .cost = DISCLOSE_BY_BALANCE};
}

double rules_dominance_level(const struct disclose_rules *rules, double largest, double value)
{
    return rules->dominance > 0 ? largest / (rules->dominance / 100) - value : 0;
}

static double percent_level(const struct disclose_rules *rules, double largest, double second, double value)
{
    return rules->percent > 0 ? rules->percent / 100 * largest - (value - largest - second) : 0;
}

double rules_margin_level(const struct disclose_table *table, const struct disclose_rules *rules, double value,
                          double population)
{
    const double size = value > 0 ? value : table->mean * population;
    return rules->margin / 100 * (size > 0 ? size : 1);
}

/* Levels under one part in 10^9 of the value are the noise of additions. */
static double clear_of_noise(double level, double value) { return level > 1e-9 * value ? level : 0; }

bool disclose_sensitive(const struct disclose_table *table, const struct disclose_rules *rules, size_t cell, double *up,
                        double *down)
{
    const double value = table->value[cell];
    if (!table->respondents[cell]) return false;
    const double count = rules->unweighted ? table->contributors[cell] : table->population[cell];
    double level = clear_of_noise(rules_dominance_level(rules, table->largest[cell], value), value);
    level = fmax(level, clear_of_noise(percent_level(rules, table->largest[cell], table->second[cell], value), value));
    const bool agreed =
        !rules->allow_agreed && table->respondents[cell] > 1 && table->lowest[cell] >= table->highest[cell];
    if (count < rules->minimum - 1e-9 || agreed)
        level = fmax(level, rules_margin_level(table, rules, value, table->population[cell]));
    if (!(level > 0)) return false;
    *up = level;
    *down = fmin(level, value);
    return true;
}
