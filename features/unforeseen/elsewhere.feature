Feature: The same dispute before somebody else
  While a court has it, the committee does not sit. What the court decides ends it.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is in Ma's hands

  Rule: not_pending - there is no session while it is pending elsewhere
    Scenario: Bram has sued
      Given Wang has recorded that the court has it under the number 88
      When Ma opens a session
      Then it is refused under "not_pending"

    Scenario: Bram has withdrawn the suit
      Given Wang has recorded that the court has it under the number 88
      And an hour later Wang has recorded that the suit 88 was withdrawn
      When Ma opens a session
      Then the case is "In session"

  Rule: decided_there - what was decided elsewhere is over here
    Scenario: The court has decided
      Given Wang has recorded that the court decided it under the number 88
      When Du closes it as decided elsewhere
      Then the case is closed as "Decided elsewhere"

    Scenario: Nobody has recorded a decision
      When Du closes it as decided elsewhere
      Then it is refused under "decided_there"
