"""The estimator of scikit-learn."""

import pytest
import ruthan
from conftest import ENGLISH, THAI

np = pytest.importorskip("numpy")
pytest.importorskip("sklearn")

from ruthan.sklearn import ScamClassifier
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import make_column_transformer
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import average_precision_score
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks


class OnNumbers(ScamClassifier):
    """The estimator on rows of numbers, which are all that the checks of scikit-learn know: read out as texts."""

    def fit(self, X, y=None):
        if y is not None:
            super().fit(self._read(X), y)
        return self

    def predict_proba(self, X):
        return super().predict_proba(self._read(X))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.one_d_array = False
        return tags

    def _read(self, X):
        if hasattr(X, "tocsr"):
            return X
        return [" ".join(map(str, row)) for row in np.asarray(X)]


# Checks that cannot hold for a model that is trained already, each with its reason.
FAILS = {
    "check_estimators_dtypes": "fits labels 1 and 2; only False and True, 0 and 1, can be predicted",
    "check_classifier_data_not_an_array": "fits labels 1 and 2",
    "check_classifiers_classes": "fits labels `one` and `two`",
    "check_fit2d_1feature": "fits labels 1 and 2",
    "check_classifiers_one_label": "wants the only label of the training data to be learnt",
    "check_classifiers_train": "wants clusters of numbers to be learnt",
}


@parametrize_with_checks([OnNumbers(engine="embedded")], expected_failed_checks=lambda _: FAILS)
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def data(written):
    rows = written[::20]
    return np.array([row["text"] for row in rows], dtype=object), np.array(
        [ruthan.Label(row["label"]).class_ == "scam" for row in rows]
    )


def test_it_says_what_the_classifier_says(classifier):
    estimator = ScamClassifier(engine="embedded").fit([THAI, ENGLISH], [1, 0])
    score = classifier.classify(THAI).score
    assert estimator.predict_proba([THAI])[0] == pytest.approx([1 - score, score], abs=1e-4)
    assert estimator.decision_function([THAI])[0] == pytest.approx(np.log(score / (1 - score)), abs=1e-2)
    assert estimator.predict([THAI, ENGLISH]).tolist() == [True, False]
    assert ScamClassifier("class").predict([THAI, ENGLISH]).tolist() == ["scam", "ham"]
    assert ScamClassifier("label").predict([THAI, ENGLISH]).tolist() == ["delivery", "otp"]
    assert not hasattr(ScamClassifier("label"), "decision_function")


@pytest.mark.parametrize("target", ["scam", "class", "label"])
def test_probabilities_are_in_the_order_of_classes(classifier, target):
    estimator = ScamClassifier(target, engine="embedded")
    share = estimator.predict_proba([THAI, ENGLISH] * 3)
    assert share.shape == (6, len(estimator.classes_)) and share.sum(axis=1) == pytest.approx(np.ones(6))
    assert list(estimator.classes_) == sorted(estimator.classes_)
    assert estimator.predict_proba([]).shape == (0, len(estimator.classes_))


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="label eggs is none of those that are predicted: False, True"):
        ScamClassifier().fit([THAI], ["eggs"])
    with pytest.raises(ValueError, match="1 messages and labels of shape"):
        ScamClassifier().fit([THAI], [True, False])
    with pytest.raises(ValueError, match="`target` must be one of scam, class, label, not 'x'"):
        ScamClassifier("x").predict([THAI])
    with pytest.raises(ValueError, match="item 1: the message is missing"):
        ScamClassifier().predict([THAI, None])
    with pytest.raises(TypeError, match="item 0: expected a text"):
        ScamClassifier().predict(np.array([[1.0], [2.0]]))
    with pytest.raises(ValueError, match="one column of messages, not 2"):
        ScamClassifier().predict(np.array([[THAI, ENGLISH]]))


def test_in_a_pipeline_and_cross_validated(data):
    X, y = data
    lower = FunctionTransformer(lambda texts: [text.strip() for text in texts])
    pipeline = make_pipeline(lower, ScamClassifier(engine="embedded"))
    share = cross_val_predict(pipeline, X, y, cv=3, method="predict_proba")
    assert share.shape == (len(X), 2) and average_precision_score(y, share[:, 1]) > 0.9
    assert (pipeline.fit(X, y).predict(X) == (share[:, 1] >= 0.5)).all()
    assert pipeline.score(X, y) > 0.8
    assert clone(pipeline).get_params()["scamclassifier__engine"] == "embedded"


def test_from_a_column_of_a_table(data):
    pd = pytest.importorskip("pandas")
    X, y = data
    table = pd.DataFrame({"text": X[:50], "n": range(50)})
    pick = make_column_transformer(("passthrough", ["text"]))
    assert (
        make_pipeline(pick, ScamClassifier()).fit(table, y[:50]).predict(table) == ScamClassifier().predict(X[:50])
    ).all()
    assert (ScamClassifier().predict(table[["text"]]) == ScamClassifier().predict(table["text"])).all()


@pytest.mark.parametrize("method", ["sigmoid", "isotonic"])
def test_calibrated_on_data_of_ones_own(data, method):
    X, y = data
    calibrated = CalibratedClassifierCV(FrozenEstimator(ScamClassifier(engine="embedded")), method=method).fit(X, y)
    share = calibrated.predict_proba(X)[:, 1]
    assert share.mean() == pytest.approx(y.mean(), abs=0.02)
    assert average_precision_score(y, share) > 0.9


def test_with_a_threshold_and_in_a_search(data):
    X, y = data
    bar = ruthan.Classifier().thresholds[0]
    fixed = FixedThresholdClassifier(FrozenEstimator(ScamClassifier()), threshold=bar, response_method="predict_proba")
    alarms = fixed.fit(X, y).predict(X)
    verdicts = ruthan.Classifier().classify_batch(X).column("verdict")
    assert alarms.tolist() == [verdict in ("suspicious", "scam") for verdict in verdicts]
    search = GridSearchCV(ScamClassifier(), {"engine": ["embedded"]}, cv=2).fit(X[:40], y[:40])
    assert search.best_params_ == {"engine": "embedded"}
