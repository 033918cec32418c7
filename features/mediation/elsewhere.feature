Feature: The same dispute before another body
  What a court, an arbitrator or a petition office has in hand is not mediated beside it, unless they ask for it.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: not_pending - no session while the dispute is pending elsewhere
    Scenario: Asha has sued
      Given Asha's dispute with Bram is in Ma's hands
      And Asha has brought it before the court
      When Ma opens a session
      Then it is refused under "not_pending"

    Scenario: She has taken the suit back
      Given Asha's dispute with Bram is in Ma's hands
      And Asha has brought it before the court
      And the proceeding there is "withdrawn"
      When Ma opens a session
      Then the case is "In session"

  Rule: decided_there - what was decided elsewhere is closed here
    Scenario: The court has decided
      Given Asha's dispute with Bram is in Ma's hands
      And Asha has brought it before the court
      And the proceeding there is "decided"
      When Du closes it as decided elsewhere
      Then the case is closed as "Decided elsewhere"

    Scenario: The court has not decided yet
      Given Asha's dispute with Bram is in Ma's hands
      And Asha has brought it before the court
      When Du closes it as decided elsewhere
      Then it is refused under "decided_there"

  Rule: end_moot - a party dies and nobody succeeds him
    Scenario: No successor
      Given Asha's dispute with Bram is in Ma's hands
      When Du closes it because Bram has died without a successor
      Then the case is closed as "Without object"
      And it counts as procedural

  Rule: was_merged - what was joined by mistake is taken apart again
    Scenario: Two quarrels, not one
      Given Asha's dispute with Bram is reported
      And ten minutes later Bram has reported the same
      And Ding has merged the second report into the first
      When Ding takes the second report apart again
      Then the second report is "Reported"

    Scenario: It was never joined
      Given Asha's dispute with Bram is closed
      When Ding takes it apart
      Then it is refused under "was_merged"
