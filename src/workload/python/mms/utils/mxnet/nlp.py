"""Sentences as lists of numbers."""

from bisect import bisect_left

import numpy

from mms.utils.mxnet.array import as_ndarray, imported_mxnet


def encode_sentences(
    sentences, vocab=None, invalid_label=-1, invalid_key="\n", start_label=0
):
    """Returns the sentences with words as numbers, and the number of each word.

    Without a vocabulary, words are numbered from `start_label` as they come. With
    one, words that it does not have get `invalid_label`.
    """
    grows = vocab is None
    if grows:
        vocab = {invalid_key: invalid_label}
    coded = []
    number = start_label
    for sentence in sentences:
        codes = []
        for word in sentence:
            if word not in vocab:
                if not grows:
                    codes.append(invalid_label)
                    continue
                if number == invalid_label:
                    number += 1
                vocab[word] = number
                number += 1
            codes.append(vocab[word])
        coded.append(codes)
    return coded, vocab


def pad_sentence(sentence, buckets, invalid_label=-1, data_name="data", layout="NT"):
    """Returns `(array, bucket)`: the sentence, filled up to the next bucket.

    For services that have imported MXNet it is a `DataBatch` with that key.
    """
    buckets = sorted(buckets)
    i = bisect_left(buckets, len(sentence))
    if i == len(buckets):
        raise ValueError(
            "Sentence length {} is larger than any of the buckets {}".format(
                len(sentence), buckets
            )
        )
    padded = numpy.full((buckets[i],), invalid_label, dtype=numpy.float32)
    padded[: len(sentence)] = sentence
    shape = (1, -1) if layout == "NT" else (-1, 1)
    array = as_ndarray(padded.reshape(shape))
    mxnet = imported_mxnet()
    if mxnet is None:
        return array, buckets[i]
    described = mxnet.io.DataDesc(name=data_name, shape=array.shape, layout=layout)
    return mxnet.io.DataBatch(
        [array], pad=0, bucket_key=buckets[i], provide_data=[described]
    )
