Feature: A figure as of a past evening stays what it was
  What was recorded until then decides what was known; when it happened decides when. Later work, corrections and
  joined reports change what is told today, never what was told then.

  Background:
    Given it is Monday 15 April 2024, 09:00
    And Asha's dispute with Bram is reported
    And Ding has screened it yellow with every answer no
    And it has become Monday 15 April 2024, 18:00
    And the figures of this evening are kept

  Rule: a correction changes today's figures and not that evening's
    Scenario: The grade was another one
      Given it has become Tuesday 16 April 2024, 10:00
      When Ding corrects the "risk" of "Answer the safety questions" to "orange"
      Then the figures by "risk" tell of "orange"
      And the figures as of that evening are those that were kept

    Scenario: The act is taken back
      Given it has become Tuesday 16 April 2024, 10:00
      When Ding takes back "Answer the safety questions"
      Then nobody counts as "acknowledged" any more
      And the figures as of that evening are those that were kept

    Scenario: Work goes on
      Given it has become Tuesday 16 April 2024, 10:00
      When Ding corrects the "category" of "Answer the safety questions" to "land"
      Then the figures by "category" tell of "land"
      And the figures as of that evening are those that were kept

  Rule: who was there is what was known of it
    Scenario: Leave that is entered late
      Given it has become Tuesday 16 April 2024, 10:00
      And it turns out that Wu was away from Monday 15 April 2024 until Sunday 21 April 2024
      And Ding has let the engine choose the handler
      When Chen looks who got how much work this week
      Then Wu is not among those who could have been picked
      And the figures as of that evening are those that were kept

  Rule: what comes in later is not there
    Scenario: The second report is joined to the first
      Given ten minutes later Bram has reported the same
      When Ding joins the second report to the first
      Then there are 2 cases in the figures and there was 1 that evening
      And the figures as of that evening are those that were kept
