Feature: Two mediations of the police
  Inside a penalty case the police mediate at most twice, the second time within seven working days.

  Background:
    Given it is Wednesday 7 February 2024, 15:00

  Rule: second - the second mediation is held within seven working days of the first
    Scenario: The first one fails before the Spring Festival
      Given Ou's case between Asha and Bram is in its first mediation
      When the mediation fails
      Then the case is "Second mediation"
      And the deadline "Second mediation" is Thursday 22 February 2024

    Scenario: Nobody holds it in time
      Given Ou's case between Asha and Bram is in its first mediation
      And the mediation has failed
      When it becomes Friday 23 February 2024, 00:00
      Then the case is "Mediation failed"
      And the audit trail dates "Mediation has failed" to Thursday 22 February 2024

  Rule: two_at_most - a third mediation is not allowed
    Scenario: The second one fails too
      Given Ou's case between Asha and Bram is in its first mediation
      And the mediation has failed
      And the mediation has failed again on Thursday 22 February 2024, 10:00
      When Ou tries a third mediation
      Then it is refused under "two_at_most"
      And the case is "Mediation failed"
