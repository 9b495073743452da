/* distribution.h: the quantiles that confidence intervals need. Relative accuracy about 1e-12. */
#ifndef ENGINE_SURVEY_DISTRIBUTION_H
#define ENGINE_SURVEY_DISTRIBUTION_H

/* The regularised incomplete beta function I_x(a, b), a > 0, b > 0, 0 <= x <= 1: Lentz's continued fraction (Press et
 * al., Numerical Recipes, 6.4). */
double distribution_beta(double x, double a, double b);

/* x such that I_x(a, b) = p. Bisection and Newton's method. */
double distribution_beta_quantile(double p, double a, double b);

/* The quantile of the standard normal distribution, 0 < p < 1. */
double distribution_normal_quantile(double p);

/* The quantile of Student's distribution; freedom may be INFINITY. */
double distribution_student_quantile(double p, double freedom);

#endif
