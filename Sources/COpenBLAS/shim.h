#ifndef HIGHWATER_COPENBLAS_SHIM_H
#define HIGHWATER_COPENBLAS_SHIM_H

#include <cblas.h>

// OpenBLAS carries LAPACK's Fortran symbols but Debian ships no LAPACK header with it; what is used is declared here.

/// Cholesky factorisation of a symmetric positive definite matrix.
extern void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
/// Solves A X = B with the factor that `dpotrf_` gave.
extern void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b,
                    const int *ldb, int *info);
/// The same in single precision.
extern void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info);
extern void spotrs_(const char *uplo, const int *n, const int *nrhs, const float *a, const int *lda, float *b,
                    const int *ldb, int *info);

#endif
